package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.lease.Lease;
import java.io.IOException;
import java.util.List;

/** What a model takes and gives, and whether it serves. */
final class ModelCalls {

    private final Services services;

    ModelCalls(Services services) {
        this.services = services;
    }

    void metadata(Exchange exchange) throws IOException {
        try (Lease<ModelRegistry> models = services.models()) {
            ModelStatus model = models.service().model(exchange.variable("model"), Versions.of(exchange));
            ModelSignature signature = model.signature()
                    .orElseThrow(() -> new UnavailableException("model %s version %d is %s%s"
                            .formatted(
                                    model.name(),
                                    model.version(),
                                    model.state(),
                                    model.reason().isEmpty() ? "" : ": " + model.reason())));
            List<String> versions = models.service().models().stream()
                    .filter(m -> m.name().equals(model.name()) && m.state() == ModelState.READY)
                    .map(m -> Long.toString(m.version()))
                    .toList();
            exchange.json(200, json -> {
                json.writeStartObject();
                json.writeStringField("name", model.name());
                json.writeArrayFieldStart("versions");
                for (String version : versions) {
                    json.writeString(version);
                }
                json.writeEndArray();
                json.writeStringField("platform", model.backend());
                specs(json, "inputs", signature.inputs());
                specs(json, "outputs", signature.outputs());
                json.writeEndObject();
            });
        }
    }

    private static void specs(JsonGenerator json, String field, List<TensorSpec> specs) throws IOException {
        json.writeArrayFieldStart(field);
        for (TensorSpec spec : specs) {
            json.writeStartObject();
            json.writeStringField("name", spec.name());
            json.writeStringField("datatype", spec.type().name());
            json.writeFieldName("shape");
            json.writeArray(spec.shape(), 0, spec.shape().length);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    void ready(Exchange exchange) throws IOException {
        try (Lease<ModelRegistry> models = services.models()) {
            ModelStatus model = models.service().model(exchange.variable("model"), Versions.of(exchange));
            boolean ready = model.state() == ModelState.READY;
            exchange.json(ready ? 200 : 503, json -> {
                json.writeStartObject();
                json.writeStringField("name", model.name());
                json.writeBooleanField("ready", ready);
                json.writeEndObject();
            });
        }
    }
}
