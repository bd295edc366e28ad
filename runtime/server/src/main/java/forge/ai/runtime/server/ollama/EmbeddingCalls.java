package forge.ai.runtime.server.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.LlmLease;
import forge.ai.runtime.server.Services;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code POST /api/embed}, and its forerunner {@code POST /api/embeddings} for one text. */
final class EmbeddingCalls {

    private static final int INPUTS = 2048;
    private static final int DIMENSIONS = 1 << 20;

    private final Services services;

    EmbeddingCalls(Services services) {
        this.services = services;
    }

    void embed(Exchange exchange) throws IOException {
        long begun = System.nanoTime();
        Fields body = Fields.of(exchange.json());
        Embeddings embeddings =
                embed(exchange, body, body.texts("input", INPUTS), body.integer("dimensions", 1, DIMENSIONS), "input");
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("model", embeddings.model());
            json.writeArrayFieldStart("embeddings");
            for (float[] vector : embeddings.vectors()) {
                vector(json, vector);
            }
            json.writeEndArray();
            json.writeNumberField("total_duration", System.nanoTime() - begun);
            if (embeddings.usage().isPresent()) {
                json.writeNumberField(
                        "prompt_eval_count", embeddings.usage().get().inputTokens());
            }
            json.writeEndObject();
        });
    }

    void embedOne(Exchange exchange) throws IOException {
        Fields body = Fields.of(exchange.json());
        List<String> prompt = body.text("prompt").stream().toList();
        Embeddings embeddings = embed(exchange, body, prompt, OptionalInt.empty(), "prompt");
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeFieldName("embedding");
            if (embeddings.vectors().isEmpty()) {
                vector(json, new float[0]);
            } else {
                vector(json, embeddings.vectors().getFirst());
            }
            json.writeEndObject();
        });
    }

    private Embeddings embed(Exchange exchange, Fields body, List<String> inputs, OptionalInt dimensions, String name) {
        String model = body.required("model");
        OptionsReader options = new OptionsReader(body, Set.of(name, "dimensions"));
        if (inputs.isEmpty() || inputs.equals(List.of(""))) {
            ModelCalls.check(exchange, services, model);
            return new Embeddings(model, List.of(), Optional.empty());
        }
        try (LlmLease lease = services.llm(exchange)) {
            return lease.service()
                    .embed(new EmbeddingRequest(model, inputs, dimensions, Optional.empty(), options.extensions()));
        }
    }

    private static void vector(JsonGenerator json, float[] vector) throws IOException {
        json.writeStartArray();
        for (float value : vector) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }
}
