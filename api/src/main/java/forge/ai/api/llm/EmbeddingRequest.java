package forge.ai.api.llm;

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
 */
public record EmbeddingRequest(
        String model,
        List<String> inputs,
        OptionalInt dimensions,
        Optional<Duration> timeout,
        Map<String, String> extensions) {

    public EmbeddingRequest {
        Objects.requireNonNull(model, "model");
        inputs = List.copyOf(inputs);
        Objects.requireNonNull(dimensions, "dimensions");
        Objects.requireNonNull(timeout, "timeout");
        extensions = Map.copyOf(extensions);
    }

    public static EmbeddingRequest of(String model, String... inputs) {
        return new EmbeddingRequest(model, List.of(inputs), OptionalInt.empty(), Optional.empty(), Map.of());
    }

    public EmbeddingRequest withModel(String value) {
        return new EmbeddingRequest(value, inputs, dimensions, timeout, extensions);
    }
}
