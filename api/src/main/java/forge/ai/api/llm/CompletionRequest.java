package forge.ai.api.llm;

import java.util.Map;
import java.util.Objects;

/**
 * A text to be continued.
 *
 * @param model as {@link ChatRequest#model()}
 * @param prompt the text
 * @param options how tokens are chosen
 * @param extensions as {@link ChatRequest#extensions()}
 */
public record CompletionRequest(
        String model, String prompt, GenerationOptions options, Map<String, String> extensions) {

    public CompletionRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(options, "options");
        extensions = Map.copyOf(extensions);
    }

    public static CompletionRequest of(String model, String prompt) {
        return new CompletionRequest(model, prompt, GenerationOptions.DEFAULT, Map.of());
    }

    public CompletionRequest withModel(String value) {
        return new CompletionRequest(value, prompt, options, extensions);
    }

    public CompletionRequest withOptions(GenerationOptions value) {
        return new CompletionRequest(model, prompt, value, extensions);
    }
}
