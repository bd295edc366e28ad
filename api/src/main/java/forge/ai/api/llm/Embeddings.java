package forge.ai.api.llm;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Vectors for texts.
 *
 * @param model the model that made them, in the provider's words
 * @param vectors one for each input, in order; not copied, not to be changed
 * @param usage what it took, where the provider says so
 * @param attribution who answered; set by {@link LlmService}
 */
public record Embeddings(
        String model, List<float[]> vectors, Optional<Usage> usage, Optional<Attribution> attribution) {

    public Embeddings {
        Objects.requireNonNull(model, "model");
        vectors = List.copyOf(vectors);
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(attribution, "attribution");
    }

    public Embeddings(String model, List<float[]> vectors, Optional<Usage> usage) {
        this(model, vectors, usage, Optional.empty());
    }

    public Embeddings withAttribution(Attribution value) {
        return new Embeddings(model, vectors, usage, Optional.of(value));
    }
}
