package forge.ai.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Reads vectors, of {@code /api/embed} and of its forerunner, which gives a single one. */
final class EmbedReader {

    private EmbedReader() {}

    static Embeddings read(HttpAnswer answer, UpstreamErrors errors, EmbeddingRequest request) {
        JsonNode root = answer.json(errors);
        List<JsonNode> lists = new ArrayList<>();
        root.path("embeddings").forEach(lists::add);
        Json.present(root, "embedding").ifPresent(lists::add);
        int count = request.inputs().size();
        if (lists.size() != count) {
            throw errors.protocol(lists.size() + " vectors for " + count + " inputs", answer);
        }
        List<float[]> vectors = new ArrayList<>();
        for (JsonNode list : lists) {
            vectors.add(Json.floats(list).orElseThrow(() -> errors.protocol("a vector that is not numbers", answer)));
        }
        String model = Json.text(root, "model");
        return new Embeddings(model.isEmpty() ? request.model() : model, vectors, Fields.usage(root));
    }
}
