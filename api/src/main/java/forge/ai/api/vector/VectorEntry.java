package forge.ai.api.vector;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What is kept under an id.
 *
 * @param id 1 to 512 characters
 * @param vector its vector; of no length if the collection's model is to make it from the text. Not copied, not to be
 *     changed
 * @param text the text that it stands for, or empty
 * @param metadata what searches can filter by: each value a {@link String}, {@link Boolean}, {@link Long} or {@link
 *     Double}; other whole numbers become a {@code Long}, a {@code Float} a {@code Double}
 */
public record VectorEntry(String id, float[] vector, String text, Map<String, Object> metadata) {

    private static final float[] NONE = {};

    public VectorEntry {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(vector, "vector");
        Objects.requireNonNull(text, "text");
        metadata = metadata.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> value(e.getKey(), e.getValue())));
    }

    private static Object value(String key, Object value) {
        return switch (value) {
            case String s -> s;
            case Boolean b -> b;
            case Long l -> l;
            case Double d -> d;
            case Integer i -> (long) i;
            case Short s -> (long) s;
            case Byte b -> (long) b;
            case Float f -> (double) f;
            default ->
                throw new IllegalArgumentException(
                        "metadata '" + key + "' is neither a text nor a number nor true or false");
        };
    }

    /** A vector alone. */
    public static VectorEntry of(String id, float... vector) {
        return new VectorEntry(id, vector, "", Map.of());
    }

    /** A text that the collection's model makes the vector from. */
    public static VectorEntry ofText(String id, String text) {
        return new VectorEntry(id, NONE, text, Map.of());
    }

    public VectorEntry withVector(float[] value) {
        return new VectorEntry(id, value, text, metadata);
    }

    public VectorEntry withText(String value) {
        return new VectorEntry(id, vector, value, metadata);
    }

    public VectorEntry withMetadata(Map<String, ?> value) {
        return new VectorEntry(id, vector, text, Map.copyOf(value));
    }

    /** The id alone: neither texts nor metadata belong into a log. */
    @Override
    public String toString() {
        return "VectorEntry[" + id + "]";
    }
}
