package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.Handler;
import forge.ai.runtime.server.LlmLease;
import forge.ai.runtime.server.Services;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code POST /v1/embeddings}. */
final class EmbeddingCalls implements Handler {

    private static final int INPUTS = 2048;
    private static final int DIMENSIONS = 1 << 20;
    private static final Set<String> KNOWN = Set.of("model", "input", "dimensions", "encoding_format");

    private final Services services;

    EmbeddingCalls(Services services) {
        this.services = services;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        Fields body = Fields.of(exchange.json());
        EmbeddingRequest request = read(body);
        boolean base64 = switch (body.text("encoding_format").orElse("float")) {
            case "float" -> false;
            case "base64" -> true;
            default -> throw body.wrong("encoding_format", "float or base64");
        };
        Embeddings embeddings;
        try (LlmLease lease = services.llm(exchange)) {
            embeddings = lease.service().embed(request);
        }
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("object", "list");
            json.writeArrayFieldStart("data");
            for (int i = 0; i < embeddings.vectors().size(); i++) {
                vector(json, i, embeddings.vectors().get(i), base64);
            }
            json.writeEndArray();
            json.writeStringField("model", embeddings.model().isEmpty() ? request.model() : embeddings.model());
            Usage usage = embeddings.usage().orElse(Usage.of(0, 0));
            json.writeObjectFieldStart("usage");
            json.writeNumberField("prompt_tokens", usage.inputTokens());
            json.writeNumberField("total_tokens", usage.totalTokens());
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static EmbeddingRequest read(Fields body) {
        String model = body.required("model");
        if (body.get("input")
                .filter(i -> i.path(0).isNumber() || i.path(0).isArray())
                .isPresent()) {
            throw body.unsupported("input", "inputs as token ids are not held; send text");
        }
        List<String> inputs = body.texts("input", INPUTS);
        if (inputs.isEmpty() || inputs.contains("")) {
            throw body.wrong("input", "a text that is not empty, or an array of at least one");
        }
        return new EmbeddingRequest(
                model,
                inputs,
                body.integer("dimensions", 1, DIMENSIONS),
                Optional.empty(),
                ChatRequestReader.extensions(body, KNOWN));
    }

    private static void vector(JsonGenerator json, int index, float[] vector, boolean base64) throws IOException {
        json.writeStartObject();
        json.writeStringField("object", "embedding");
        json.writeNumberField("index", index);
        if (base64) {
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            json.writeBinaryField("embedding", bytes.array());
        } else {
            json.writeArrayFieldStart("embedding");
            for (float value : vector) {
                json.writeNumber(value);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
