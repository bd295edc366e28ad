package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.NotFoundException;
import forge.ai.api.llm.PullProgress;
import forge.ai.api.model.HubPull;
import forge.ai.api.model.ModelHub;
import forge.ai.api.model.PulledModel;
import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.Handler;
import forge.ai.runtime.server.Lines;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.lease.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Brings a model from a hub into the repository, and says in lines of JSON how far it is. A client that leaves ends the
 * pull; what has come is kept for the next one.
 */
final class PullCall implements Handler {

    private final Services services;

    PullCall(Services services) {
        this.services = services;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        Fields body = Fields.of(exchange.json());
        String source = body.required("source");
        int colon = source.indexOf(':');
        if (colon < 1) {
            throw body.wrong("source", "SCHEME:OWNER/MODEL[@REVISION], as in hf:OWNER/MODEL");
        }
        HubPull pull = HubPull.of(source.substring(colon + 1))
                .withName(body.text("name").orElse(""))
                .withVariant(body.text("variant").orElse(""))
                .withBackend(body.text("backend").orElse(""));
        String scheme = source.substring(0, colon);
        try (Lease<ModelHub> lease = services.hub(exchange, scheme)
                .orElseThrow(() -> new NotFoundException("there is no hub '" + scheme + ":' now"))) {
            if (body.flag("stream").orElse(true)) {
                stream(Lines.open(exchange), lease.service(), pull);
            } else {
                PulledModel pulled = lease.service().pull(pull, progress -> {});
                exchange.json(200, json -> pulled(json, pulled));
            }
        }
    }

    private static void stream(BodyStream out, ModelHub hub, HubPull pull) throws IOException {
        PulledModel pulled;
        try {
            pulled = hub.pull(pull, progress -> send(out, progress));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out.send(Lines.line(Json.write(json -> pulled(json, pulled))));
    }

    private static void send(BodyStream out, PullProgress progress) {
        try {
            out.send(Lines.line(Json.write(json -> {
                json.writeStartObject();
                json.writeStringField("status", progress.status());
                if (progress.totalBytes().isPresent()) {
                    json.writeStringField("file", progress.part());
                    json.writeNumberField("completed", progress.completedBytes());
                    json.writeNumberField("total", progress.totalBytes().getAsLong());
                }
                json.writeEndObject();
            })));
        } catch (IOException e) {
            // Ends the pull: nobody is left to tell.
            throw new UncheckedIOException(e);
        }
    }

    private static void pulled(JsonGenerator json, PulledModel model) throws IOException {
        json.writeStartObject();
        json.writeStringField("status", "success");
        json.writeStringField("model_name", model.name());
        json.writeStringField("model_version", Long.toString(model.version()));
        json.writeStringField("revision", model.revision());
        json.writeBooleanField("changed", model.changed());
        json.writeNumberField("downloaded", model.downloadedBytes());
        json.writeEndObject();
    }
}
