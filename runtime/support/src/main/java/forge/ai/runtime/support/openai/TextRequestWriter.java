package forge.ai.runtime.support.openai;

import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.runtime.support.json.Json;
import java.util.Set;

/** Writes requests for plain completions. */
final class TextRequestWriter {

    private static final Set<String> OWN = Set.of("model", "prompt", "stream", "stream_options");

    private TextRequestWriter() {}

    static byte[] write(CompletionRequest request, boolean stream, Dialect dialect) {
        GenerationOptions options = request.options();
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("model", request.model());
            json.writeStringField("prompt", request.prompt());
            if (options.maxTokens().isPresent()) {
                json.writeNumberField("max_tokens", options.maxTokens().getAsInt());
            }
            OptionsWriter.sampling(json, options, dialect.official());
            OptionsWriter.stopAndUser(json, options);
            if (options.logprobs().isPresent()) {
                json.writeNumberField("logprobs", options.logprobs().getAsInt());
            }
            if (stream) {
                OptionsWriter.stream(json, dialect);
            }
            OptionsWriter.extensions(json, request.extensions(), OWN);
            json.writeEndObject();
        });
    }
}
