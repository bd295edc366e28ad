package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.NotFoundException;
import forge.ai.api.llm.LlmModel;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.LlmLease;
import forge.ai.runtime.server.Services;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
final class ModelCalls {

    private final Services services;

    ModelCalls(Services services) {
        this.services = services;
    }

    void list(Exchange exchange) throws IOException {
        List<LlmModel> models = models(exchange);
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("object", "list");
            json.writeArrayFieldStart("data");
            for (LlmModel model : models) {
                write(json, model);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    void one(Exchange exchange) throws IOException {
        String id = exchange.variable("id");
        LlmModel model = models(exchange).stream()
                .filter(m -> m.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () -> new NotFoundException("the model '" + id + "' does not exist; GET /v1/models lists all"));
        exchange.json(200, json -> write(json, model));
    }

    private List<LlmModel> models(Exchange exchange) {
        try (LlmLease lease = services.llm(exchange)) {
            return lease.service().models();
        }
    }

    private static void write(JsonGenerator json, LlmModel model) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", model.id());
        json.writeStringField("object", "model");
        json.writeNumberField(
                "created", model.created().map(Instant::getEpochSecond).orElse(0L));
        json.writeStringField("owned_by", model.owner().isEmpty() ? "forge" : model.owner());
        json.writeEndObject();
    }
}
