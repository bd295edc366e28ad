package forge.ai.provider.ollama;

import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.runtime.support.json.Json;
import java.util.Set;

/** Writes requests for vectors. */
final class EmbedRequestWriter {

    private static final Set<String> USED = Set.of("model", "input", "dimensions");

    private EmbedRequestWriter() {}

    static byte[] write(EmbeddingRequest request, String keepAlive) {
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
            OptionsWriter.own(json, OptionsWriter.own(request.extensions()), keepAlive, USED);
            json.writeEndObject();
        });
    }
}
