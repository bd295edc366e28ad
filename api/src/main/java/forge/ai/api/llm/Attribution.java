package forge.ai.api.llm;

import java.time.Duration;
import java.util.Objects;

/**
 * Who gave an answer and what it took to get it.
 *
 * @param provider the provider's name
 * @param model the model's name at that provider
 * @param route the route, or empty where the model was addressed directly
 * @param attempts how many attempts were made, 1 or more; 0 where a call was refused before
 * @param lost time spent on attempts that failed and on waiting between them
 * @param limits what is left to the caller
 */
public record Attribution(String provider, String model, String route, int attempts, Duration lost, RateLimits limits) {
    public Attribution {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(lost, "lost");
        Objects.requireNonNull(limits, "limits");
    }

    /** Without limits. */
    public Attribution(String provider, String model, String route, int attempts, Duration lost) {
        this(provider, model, route, attempts, lost, RateLimits.NONE);
    }

    public Attribution withLimits(RateLimits value) {
        return new Attribution(provider, model, route, attempts, lost, value);
    }
}
