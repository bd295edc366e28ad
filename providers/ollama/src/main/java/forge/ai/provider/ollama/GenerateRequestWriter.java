package forge.ai.provider.ollama;

import forge.ai.api.llm.CompletionRequest;
import forge.ai.runtime.support.json.Json;
import java.util.Map;
import java.util.Set;

/**
 * Writes requests for plain completions. The text goes to the model as it stands ({@code raw}), because it is to be
 * continued, not answered; unless the caller says otherwise, or uses a field that needs the model's template.
 */
final class GenerateRequestWriter {

    private static final Set<String> USED =
            Set.of("model", "prompt", "options", "think", "logprobs", "top_logprobs", "stream");
    private static final Set<String> TEMPLATED = Set.of("raw", "system", "template", "suffix", "context", "images");

    private GenerateRequestWriter() {}

    static byte[] write(CompletionRequest request, String keepAlive, boolean stream) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("model", request.model());
            json.writeStringField("prompt", request.prompt());
            Map<String, String> own = OptionsWriter.own(request.extensions());
            OptionsWriter.generation(json, request.options(), own);
            if (own.keySet().stream().noneMatch(TEMPLATED::contains)) {
                json.writeBooleanField("raw", true);
            }
            // It would stream without being asked.
            json.writeBooleanField("stream", stream);
            OptionsWriter.own(json, own, keepAlive, USED);
            json.writeEndObject();
        });
    }
}
