package forge.ai.api.model;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How the requests of a model are put together into one computation.
 *
 * @param enabled whether at all; it also needs {@link ModelSignature#batched()}
 * @param maxSize the most rows in one computation, 1 or more
 * @param maxDelay the longest that a request waits for others while the backend is busy
 * @param preferred sizes that the model computes best, ascending; may be empty
 */
public record Batching(boolean enabled, int maxSize, Duration maxDelay, List<Integer> preferred) {

    /** On, at most 32 rows, at most 2 ms. */
    public static final Batching DEFAULT = new Batching(true, 32, Duration.ofMillis(2), List.of());

    public Batching {
        Objects.requireNonNull(maxDelay, "maxDelay");
        preferred = List.copyOf(preferred);
    }
}
