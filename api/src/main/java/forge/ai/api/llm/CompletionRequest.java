package forge.ai.api.llm;

import forge.ai.api.monitoring.Span;
import java.util.Map;
import java.util.Objects;

/**
 * A text to be continued.
 *
 * @param model as {@link ChatRequest#model()}
 * @param prompt the text
 * @param options how tokens are chosen
 * @param extensions as {@link ChatRequest#extensions()}
 * @param span of which trace it is a part; {@link Span#NONE} for none
 */
public record CompletionRequest(
        String model, String prompt, GenerationOptions options, Map<String, String> extensions, Span span) {

    public CompletionRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(options, "options");
        extensions = Map.copyOf(extensions);
        Objects.requireNonNull(span, "span");
    }

    /** No part of a trace. */
    public CompletionRequest(String model, String prompt, GenerationOptions options, Map<String, String> extensions) {
        this(model, prompt, options, extensions, Span.NONE);
    }

    public static CompletionRequest of(String model, String prompt) {
        return new CompletionRequest(model, prompt, GenerationOptions.DEFAULT, Map.of());
    }

    public CompletionRequest withModel(String value) {
        return new CompletionRequest(value, prompt, options, extensions, span);
    }

    public CompletionRequest withOptions(GenerationOptions value) {
        return new CompletionRequest(model, prompt, value, extensions, span);
    }

    /** The same, as part of a trace. */
    public CompletionRequest withSpan(Span value) {
        return value == span ? this : new CompletionRequest(model, prompt, options, extensions, value);
    }
}
