package forge.ai.api.model;

import java.time.Duration;
import java.util.Objects;

/**
 * Whether results of a model are kept, to be given again for the same inputs.
 *
 * @param enabled whether at all
 * @param maxBytes the most memory that they take, inputs and outputs together
 * @param ttl how long one is given again
 */
public record Caching(boolean enabled, long maxBytes, Duration ttl) {

    /** Off; where it is turned on without more, 64 MiB for an hour. */
    public static final Caching DEFAULT = new Caching(false, 64L << 20, Duration.ofHours(1));

    public Caching {
        Objects.requireNonNull(ttl, "ttl");
    }
}
