package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.openinference.ServedModel;
import java.io.IOException;
import java.util.List;

/** What a model takes and gives, and whether it serves. */
final class ModelCalls {

    private final Services services;

    ModelCalls(Services services) {
        this.services = services;
    }

    void metadata(Exchange exchange) throws IOException {
        try (Lease<ModelRegistry> models = services.models();
                Lease<InferenceService> engine = services.inference(exchange)) {
            ServedModel model = ServedModel.of(
                    models.service(), engine.service(), exchange.variable("model"), InferCall.version(exchange));
            exchange.json(200, json -> {
                json.writeStartObject();
                json.writeStringField("name", model.status().name());
                json.writeArrayFieldStart("versions");
                for (String version : model.versions()) {
                    json.writeString(version);
                }
                json.writeEndArray();
                json.writeStringField("platform", model.status().backend());
                specs(json, "inputs", model.signature().inputs());
                specs(json, "outputs", model.signature().outputs());
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
            ModelStatus model = models.service().model(exchange.variable("model"), InferCall.version(exchange));
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
