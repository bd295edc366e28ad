package forge.ai.api.model;

/**
 * How many times a version may be in memory, so that it computes for several requests side by side.
 *
 * @param min the fewest, 1 or more
 * @param max the most, {@code min} or more
 */
public record Instances(int min, int max) {

    /** One, always. */
    public static final Instances ONE = new Instances(1, 1);

    public Instances {
        if (min < 1 || max < min) {
            throw new IllegalArgumentException("instances: min is %d and max is %d".formatted(min, max));
        }
    }
}
