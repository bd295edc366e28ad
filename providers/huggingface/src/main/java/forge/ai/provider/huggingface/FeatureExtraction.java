package forge.ai.provider.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ErrorDetails;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The task that gives vectors: texts in, a list of vectors out, in order. */
record FeatureExtraction(EmbeddingRequest request, String provider) {

    FeatureExtraction {
        if (request.dimensions().isPresent()) {
            throw new UnsupportedException(
                    provider + ": feature extraction cannot be asked for a number of dimensions",
                    ErrorDetails.ofProvider(provider));
        }
    }

    /** The body of the request; extensions such as {@code normalize} and {@code truncate} stand beside the texts. */
    byte[] body() {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("inputs");
            for (String input : request.inputs()) {
                json.writeString(input);
            }
            json.writeEndArray();
            for (Map.Entry<String, String> extension : request.extensions().entrySet()) {
                if (!extension.getKey().equals("inputs")) {
                    json.writeFieldName(extension.getKey());
                    Json.writeRaw(json, extension.getValue(), extension.getKey());
                }
            }
            json.writeEndObject();
        });
    }

    Embeddings read(HttpAnswer answer, UpstreamErrors errors) {
        JsonNode root = answer.json(errors);
        int count = request.inputs().size();
        if (!root.isArray() || root.isEmpty()) {
            throw errors.protocol("expected a list of vectors", answer);
        }
        // For one text some servers give the vector itself.
        boolean single = count == 1 && root.get(0).isNumber();
        if (!single && root.size() != count) {
            throw errors.protocol(root.size() + " vectors for " + count + " inputs", answer);
        }
        float[][] vectors = new float[count][];
        for (int i = 0; i < count; i++) {
            vectors[i] = vector(single ? root : root.get(i), answer, errors);
        }
        return new Embeddings(request.model(), List.of(vectors), Optional.empty());
    }

    private float[] vector(JsonNode list, HttpAnswer answer, UpstreamErrors errors) {
        if (!list.isArray() || list.isEmpty()) {
            throw errors.protocol("an empty vector", answer);
        }
        if (list.get(0).isArray()) {
            throw new UnsupportedException(
                    provider + ": this model gives a vector for each token; expected one for each text",
                    ErrorDetails.ofProvider(provider));
        }
        float[] vector = new float[list.size()];
        for (int i = 0; i < vector.length; i++) {
            if (!list.get(i).isNumber()) {
                throw errors.protocol("a vector with something else than numbers", answer);
            }
            vector[i] = list.get(i).floatValue();
        }
        return vector;
    }
}
