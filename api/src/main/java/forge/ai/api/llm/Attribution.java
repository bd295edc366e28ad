package forge.ai.api.llm;

import java.time.Duration;
import java.util.Objects;

/**
 * Who gave an answer and what it took to get it.
 *
 * @param provider the provider's name
 * @param model the model's name at that provider
 * @param route the route, or empty where the model was addressed directly
 * @param attempts how many attempts were made, 1 or more; 0 where a call was refused before, or answered from the cache
 * @param lost time spent on attempts that failed and on waiting between them
 * @param limits what is left to the caller
 * @param cached whether the answer was given before and comes from the cache; provider and model are then those that gave
 *     it
 */
public record Attribution(
        String provider, String model, String route, int attempts, Duration lost, RateLimits limits, boolean cached) {
    public Attribution {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(lost, "lost");
        Objects.requireNonNull(limits, "limits");
    }

    /** Without limits. */
    public Attribution(String provider, String model, String route, int attempts, Duration lost) {
        this(provider, model, route, attempts, lost, RateLimits.NONE, false);
    }

    /** Of the same answer, given again from the cache. */
    public Attribution ofCache() {
        return new Attribution(provider, model, route, 0, Duration.ZERO, RateLimits.NONE, true);
    }

    public Attribution withLimits(RateLimits value) {
        return new Attribution(provider, model, route, attempts, lost, value, cached);
    }
}
