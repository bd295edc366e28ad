package forge.ai.api.vector;

import java.util.Objects;

/**
 * A collection as it is now.
 *
 * @param spec what it was made with
 * @param entries how many entries it holds
 */
public record VectorCollection(CollectionSpec spec, long entries) {
    public VectorCollection {
        Objects.requireNonNull(spec, "spec");
    }
}
