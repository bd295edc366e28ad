package forge.ai.api.llm;

import forge.ai.api.monitoring.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Texts to be turned into vectors.
 *
 * @param model as {@link ChatRequest#model()}
 * @param inputs the texts, at least one
 * @param dimensions the length of the vectors, where the model lets one choose
 * @param timeout the longest to wait for the answer
 * @param extensions as {@link ChatRequest#extensions()}
 * @param span of which trace it is a part; {@link Span#NONE} for none
 */
public record EmbeddingRequest(
        String model,
        List<String> inputs,
        OptionalInt dimensions,
        Optional<Duration> timeout,
        Map<String, String> extensions,
        Span span) {

    public EmbeddingRequest {
        Objects.requireNonNull(model, "model");
        inputs = List.copyOf(inputs);
        Objects.requireNonNull(dimensions, "dimensions");
        Objects.requireNonNull(timeout, "timeout");
        extensions = Map.copyOf(extensions);
        Objects.requireNonNull(span, "span");
    }

    /** No part of a trace. */
    public EmbeddingRequest(
            String model,
            List<String> inputs,
            OptionalInt dimensions,
            Optional<Duration> timeout,
            Map<String, String> extensions) {
        this(model, inputs, dimensions, timeout, extensions, Span.NONE);
    }

    public static EmbeddingRequest of(String model, String... inputs) {
        return new EmbeddingRequest(model, List.of(inputs), OptionalInt.empty(), Optional.empty(), Map.of());
    }

    public EmbeddingRequest withModel(String value) {
        return new EmbeddingRequest(value, inputs, dimensions, timeout, extensions, span);
    }

    /** The same, as part of a trace. */
    public EmbeddingRequest withSpan(Span value) {
        return value == span ? this : new EmbeddingRequest(model, inputs, dimensions, timeout, extensions, value);
    }
}
