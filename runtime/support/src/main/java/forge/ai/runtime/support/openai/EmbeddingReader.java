package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/** Reads vectors, as lists of numbers or as little-endian floats in Base64. */
final class EmbeddingReader {

    private final HttpAnswer answer;
    private final UpstreamErrors errors;

    EmbeddingReader(HttpAnswer answer, UpstreamErrors errors) {
        this.answer = answer;
        this.errors = errors;
    }

    Embeddings read(EmbeddingRequest request) {
        JsonNode root = answer.json(errors);
        JsonNode data = root.path("data");
        int count = request.inputs().size();
        if (!data.isArray() || data.size() != count) {
            throw broken(data.size() + " vectors for " + count + " inputs");
        }
        float[][] vectors = new float[count][];
        for (int position = 0; position < count; position++) {
            JsonNode one = data.get(position);
            long index = Json.number(one, "index").orElse(position);
            if (index < 0 || index >= count || vectors[(int) index] != null) {
                throw broken("a vector with the wrong index " + index);
            }
            vectors[(int) index] = vector(one.path("embedding"));
        }
        String model = Json.text(root, "model");
        return new Embeddings(model.isEmpty() ? request.model() : model, List.of(vectors), Answers.usage(root));
    }

    private float[] vector(JsonNode embedding) {
        return embedding.isTextual()
                ? decoded(embedding.textValue())
                : Json.floats(embedding).orElseThrow(() -> broken("a vector that is not numbers"));
    }

    private float[] decoded(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw broken("a vector that is not Base64");
        }
        if (bytes.length == 0 || bytes.length % Float.BYTES != 0) {
            throw broken("a vector of " + bytes.length + " bytes");
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    private ForgeException broken(String what) {
        return errors.protocol(what, answer);
    }
}
