package forge.ai.runtime.support.openai;

import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.runtime.support.json.Json;
import java.util.Set;

/** Writes requests for vectors. */
final class EmbeddingRequestWriter {

    private static final String FORMAT = "encoding_format";
    private static final Set<String> OWN = Set.of("model", "input", "dimensions");

    private EmbeddingRequestWriter() {}

    static byte[] write(EmbeddingRequest request, Dialect dialect) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("model", request.model());
            json.writeArrayFieldStart("input");
            for (String input : request.inputs()) {
                json.writeString(input);
            }
            json.writeEndArray();
            if (request.dimensions().isPresent()) {
                json.writeNumberField("dimensions", request.dimensions().getAsInt());
            }
            // Vectors in Base64 have a third of the size, but others than OpenAI may refuse the field.
            if (dialect.official() && !request.extensions().containsKey(FORMAT)) {
                json.writeStringField(FORMAT, "base64");
            }
            OptionsWriter.extensions(json, request.extensions(), OWN);
            json.writeEndObject();
        });
    }
}
