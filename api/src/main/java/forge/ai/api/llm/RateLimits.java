package forge.ai.api.llm;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How much may still be used, at one moment.
 *
 * @param requests in a minute, where limited
 * @param tokens in a minute, where limited; what is reserved for calls in flight counts as used
 */
public record RateLimits(Optional<Limit> requests, Optional<Limit> tokens) {

    /**
     * A limit.
     *
     * @param limit the most
     * @param remaining what is left now, 0 or more
     * @param reset how long until all of it is there again, if nothing more is used
     */
    public record Limit(long limit, long remaining, Duration reset) {
        public Limit {
            Objects.requireNonNull(reset, "reset");
        }
    }

    /** No limits. */
    public static final RateLimits NONE = new RateLimits(Optional.empty(), Optional.empty());

    public RateLimits {
        Objects.requireNonNull(requests, "requests");
        Objects.requireNonNull(tokens, "tokens");
    }

    /** Of two limits of each kind the one of which less is left. */
    public RateLimits tightest(RateLimits other) {
        return new RateLimits(tightest(requests, other.requests), tightest(tokens, other.tokens));
    }

    private static Optional<Limit> tightest(Optional<Limit> one, Optional<Limit> other) {
        return one.filter(o -> other.map(t -> o.remaining() <= t.remaining()).orElse(true))
                .or(() -> other);
    }
}
