package forge.ai.runtime.server.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ModelLibrary;
import forge.ai.api.llm.PullProgress;
import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.Lines;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.lease.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;

/** {@code POST /api/pull} and {@code DELETE /api/delete}, for who may operate. */
final class LibraryCalls {

    private static final String SUCCESS = "success";

    private final Services services;

    LibraryCalls(Services services) {
        this.services = services;
    }

    void pull(Exchange exchange) throws IOException {
        Fields body = Fields.of(exchange.json());
        ModelName name = ModelName.of(ModelName.asked(body));
        boolean stream = body.flag("stream").orElse(true);
        try (Lease<ModelLibrary> lease = library(exchange, name)) {
            if (stream) {
                stream(Lines.open(exchange), lease.service(), name.model());
            } else {
                lease.service().pull(name.model(), progress -> {});
                exchange.json(200, LibraryCalls::success);
            }
        }
    }

    private static void stream(BodyStream out, ModelLibrary library, String model) throws IOException {
        try {
            library.pull(model, progress -> {
                // The last line is for when all is done.
                if (!progress.status().equals(SUCCESS)) {
                    send(out, progress);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out.send(Lines.line(Json.write(LibraryCalls::success)));
    }

    private static void send(BodyStream out, PullProgress progress) {
        try {
            out.send(Lines.line(Json.write(json -> {
                json.writeStartObject();
                json.writeStringField("status", progress.status());
                if (!progress.part().isEmpty()) {
                    json.writeStringField("digest", progress.part());
                    if (progress.totalBytes().isPresent()) {
                        json.writeNumberField("total", progress.totalBytes().getAsLong());
                    }
                    json.writeNumberField("completed", progress.completedBytes());
                }
                json.writeEndObject();
            })));
        } catch (IOException e) {
            // Ends the pull: nobody is left to tell.
            throw new UncheckedIOException(e);
        }
    }

    private static void success(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("status", SUCCESS);
        json.writeEndObject();
    }

    void delete(Exchange exchange) throws IOException {
        ModelName name = ModelName.of(ModelName.asked(Fields.of(exchange.json())));
        try (Lease<ModelLibrary> lease = library(exchange, name)) {
            lease.service().delete(name.model());
        }
        exchange.answer(200, "application/json", new byte[0]);
    }

    private Lease<ModelLibrary> library(Exchange exchange, ModelName name) {
        return services.library(exchange, Caller.OPERATE, name.provider())
                .orElseThrow(() ->
                        new UnsupportedException("models are named PROVIDER/MODEL here, and there is no provider '"
                                + name.provider() + "' with a store of models that can be changed"));
    }
}
