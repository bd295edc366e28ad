package forge.ai.api.vector;

import java.util.Objects;

/**
 * What a collection is made with; it stays as long as the collection.
 *
 * @param name 1 to 64 of the characters {@code a-z 0-9 . _ -}, the first a letter or digit
 * @param dimensions the length of its vectors
 * @param metric how near its vectors are
 * @param model the embedding model that turns its texts into vectors, as {@link
 *     forge.ai.api.llm.EmbeddingRequest#model()}; empty for a collection of vectors alone
 */
public record CollectionSpec(String name, int dimensions, Metric metric, String model) {

    public CollectionSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(model, "model");
    }

    public static CollectionSpec of(String name, int dimensions, Metric metric) {
        return new CollectionSpec(name, dimensions, metric, "");
    }

    public CollectionSpec withModel(String value) {
        return new CollectionSpec(name, dimensions, metric, value);
    }
}
