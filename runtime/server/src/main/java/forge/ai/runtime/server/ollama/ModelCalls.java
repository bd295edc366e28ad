package forge.ai.runtime.server.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.NotFoundException;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.Extensions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.ModelCard;
import forge.ai.api.llm.ModelLibrary;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.LlmLease;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.ollama.Capabilities;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code GET /api/tags}, {@code GET /api/ps}, {@code GET /api/version} and {@code POST /api/show}. */
final class ModelCalls {

    /** That of the Ollama whose interface this is: clients go by it in what they use. */
    private static final String VERSION = "0.12.11";

    private final Services services;

    ModelCalls(Services services) {
        this.services = services;
    }

    void tags(Exchange exchange) throws IOException {
        List<LlmModel> models = models(exchange, services);
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("models");
            for (LlmModel model : models) {
                json.writeStartObject();
                json.writeStringField("name", model.id());
                json.writeStringField("model", model.id());
                json.writeStringField("modified_at", modified(model));
                json.writeNumberField("size", 0);
                json.writeStringField("digest", "");
                details(json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** What is in whose memory, nobody says. */
    void running(Exchange exchange) throws IOException {
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("models");
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    void version(Exchange exchange) throws IOException {
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("version", VERSION);
            json.writeEndObject();
        });
    }

    void show(Exchange exchange) throws IOException {
        String asked = ModelName.asked(Fields.of(exchange.json()));
        ModelCard card = card(exchange, asked);
        Map<String, String> own = Extensions.of("ollama", card.extensions());
        exchange.json(200, json -> {
            json.writeStartObject();
            for (Map.Entry<String, String> field : own.entrySet()) {
                json.writeFieldName(field.getKey());
                Json.writeRaw(json, field.getValue(), field.getKey());
            }
            if (!own.containsKey("details")) {
                details(json);
            }
            if (!own.containsKey("model_info")) {
                info(json, card.model());
            }
            if (!own.containsKey("capabilities")) {
                json.writeArrayFieldStart("capabilities");
                for (String word : Capabilities.write(card.model().capabilities())) {
                    json.writeString(word);
                }
                json.writeEndArray();
            }
            if (!own.containsKey("modified_at")) {
                json.writeStringField("modified_at", modified(card.model()));
            }
            json.writeEndObject();
        });
    }

    /** From the store of the provider if it has one; else what the list of models says. */
    private ModelCard card(Exchange exchange, String asked) {
        LlmModel listed = check(exchange, services, asked);
        ModelName name = ModelName.of(asked);
        Optional<Lease<ModelLibrary>> library = services.library(exchange, Caller.USE, name.provider());
        if (library.isEmpty()) {
            return new ModelCard(listed, Map.of());
        }
        try (Lease<ModelLibrary> lease = library.get()) {
            return lease.service().show(name.model());
        }
    }

    /**
     * What the list of models says of one.
     *
     * @throws NotFoundException if it is not there
     */
    static LlmModel check(Exchange exchange, Services services, String name) {
        return models(exchange, services).stream()
                .filter(m -> m.id().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("model '" + name + "' not found; GET /api/tags lists all"));
    }

    private static List<LlmModel> models(Exchange exchange, Services services) {
        try (LlmLease lease = services.llm(exchange)) {
            return lease.service().models();
        }
    }

    private static String modified(LlmModel model) {
        return model.created().orElse(Instant.EPOCH).toString();
    }

    private static void details(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("details");
        for (String name : List.of("parent_model", "format", "family", "parameter_size", "quantization_level")) {
            json.writeStringField(name, "");
        }
        json.writeNullField("families");
        json.writeEndObject();
    }

    private static void info(JsonGenerator json, LlmModel model) throws IOException {
        json.writeObjectFieldStart("model_info");
        if (model.contextTokens().isPresent()) {
            // The window stands under the name of the architecture.
            json.writeStringField("general.architecture", "forge");
            json.writeNumberField("forge.context_length", model.contextTokens().getAsInt());
        }
        json.writeEndObject();
    }
}
