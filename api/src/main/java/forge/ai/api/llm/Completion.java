package forge.ai.api.llm;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A whole answer.
 *
 * @param id the vendor's id of the answer, or empty
 * @param model the model that answered, in the provider's words
 * @param content what was said, in order
 * @param finish why it ended
 * @param stopSequence the stop text that ended it, or empty
 * @param usage what it took, where the provider says so
 * @param logprobs of the generated tokens, if asked for
 * @param extensions what else the vendor said: name and JSON value as text
 * @param attribution who answered; set by {@link LlmService}
 * @param wire the answer as it came, where the request was sent as it came ({@link ChatRequest#wire})
 */
public record Completion(
        String id,
        String model,
        List<Content> content,
        FinishReason finish,
        String stopSequence,
        Optional<Usage> usage,
        List<TokenLogprob> logprobs,
        Map<String, String> extensions,
        Optional<Attribution> attribution,
        Optional<Wire> wire) {

    public Completion {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(model, "model");
        content = List.copyOf(content);
        Objects.requireNonNull(finish, "finish");
        Objects.requireNonNull(stopSequence, "stopSequence");
        Objects.requireNonNull(usage, "usage");
        logprobs = List.copyOf(logprobs);
        extensions = Map.copyOf(extensions);
        Objects.requireNonNull(attribution, "attribution");
        Objects.requireNonNull(wire, "wire");
    }

    /** A plain answer of text. */
    public static Completion of(String model, String text, Usage usage) {
        return new Completion(
                "",
                model,
                List.of(new Content.Text(text)),
                FinishReason.STOP,
                "",
                Optional.of(usage),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** Reads a stream to its end and closes it. */
    public static Completion of(CompletionStream stream) {
        try (stream) {
            CompletionAssembler assembler = new CompletionAssembler();
            stream.forEachRemaining(assembler::add);
            Completion completion = assembler.completion();
            return stream.attribution().map(completion::withAttribution).orElse(completion);
        }
    }

    public Completion withAttribution(Attribution value) {
        return new Completion(
                id, model, content, finish, stopSequence, usage, logprobs, extensions, Optional.of(value), wire);
    }

    public Completion withWire(Wire value) {
        return new Completion(
                id, model, content, finish, stopSequence, usage, logprobs, extensions, attribution, Optional.of(value));
    }

    /** The texts of the content, one after the other. */
    public String text() {
        return Content.text(content);
    }

    /** The calls of tools among the content. */
    public List<Content.ToolCall> toolCalls() {
        return content.stream()
                .filter(Content.ToolCall.class::isInstance)
                .map(Content.ToolCall.class::cast)
                .toList();
    }
}
