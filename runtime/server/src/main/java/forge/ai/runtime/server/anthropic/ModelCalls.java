package forge.ai.runtime.server.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.llm.LlmModel;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.LlmLease;
import forge.ai.runtime.server.Services;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}, for clients that say which version they speak. */
final class ModelCalls {

    private static final int MOST = 1000;

    private final Services services;

    ModelCalls(Services services) {
        this.services = services;
    }

    void list(Exchange exchange) throws IOException {
        int limit = limit(exchange);
        List<LlmModel> all = models(exchange);
        Optional<String> before = exchange.query("before_id");
        int from = exchange.query("after_id").map(id -> place(all, id) + 1).orElse(0);
        int to = before.map(id -> place(all, id)).orElse(all.size());
        // Pages that end before a model are counted back from it.
        int first = before.isPresent() ? Math.max(from, to - limit) : from;
        List<LlmModel> page = all.subList(Math.min(first, to), Math.min(to, first + limit));
        boolean more = before.isPresent() ? first > from : first + limit < to;
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("data");
            for (LlmModel model : page) {
                write(json, model);
            }
            json.writeEndArray();
            json.writeBooleanField("has_more", more);
            json.writeStringField(
                    "first_id", page.isEmpty() ? null : page.getFirst().id());
            json.writeStringField(
                    "last_id", page.isEmpty() ? null : page.getLast().id());
            json.writeEndObject();
        });
    }

    private static int limit(Exchange exchange) {
        String limit = exchange.query("limit").orElse("20");
        if (!limit.matches("[1-9][0-9]{0,3}") || Integer.parseInt(limit) > MOST) {
            throw new InvalidRequestException(
                    "limit must be an integer from 1 to " + MOST, ErrorDetails.NONE.withParameter("limit"));
        }
        return Integer.parseInt(limit);
    }

    private static int place(List<LlmModel> models, String id) {
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i).id().equals(id)) {
                return i;
            }
        }
        throw missing(id);
    }

    void one(Exchange exchange) throws IOException {
        List<LlmModel> all = models(exchange);
        LlmModel model = all.get(place(all, exchange.variable("id")));
        exchange.json(200, json -> write(json, model));
    }

    private static NotFoundException missing(String id) {
        return new NotFoundException("the model '" + id + "' does not exist; GET /v1/models lists all");
    }

    private List<LlmModel> models(Exchange exchange) {
        try (LlmLease lease = services.llm(exchange)) {
            return lease.service().models();
        }
    }

    private static void write(JsonGenerator json, LlmModel model) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "model");
        json.writeStringField("id", model.id());
        json.writeStringField("display_name", model.id());
        json.writeStringField(
                "created_at", model.created().orElse(Instant.EPOCH).toString());
        if (model.contextTokens().isPresent()) {
            json.writeNumberField("max_input_tokens", model.contextTokens().getAsInt());
        } else {
            json.writeNullField("max_input_tokens");
        }
        json.writeNullField("max_tokens");
        json.writeNullField("capabilities");
        json.writeEndObject();
    }
}
