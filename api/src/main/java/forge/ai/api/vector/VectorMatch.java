package forge.ai.api.vector;

import java.util.Objects;

/**
 * An entry that was found.
 *
 * @param entry with its vector, text and metadata
 * @param score how near it is, by the collection's {@link Metric}
 */
public record VectorMatch(VectorEntry entry, double score) {
    public VectorMatch {
        Objects.requireNonNull(entry, "entry");
    }
}
