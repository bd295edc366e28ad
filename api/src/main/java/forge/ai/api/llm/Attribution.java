package forge.ai.api.llm;

import java.time.Duration;
import java.util.Objects;

/**
 * Who gave an answer and what it took to get it.
 *
 * @param provider the provider's name
 * @param model the model's name at that provider
 * @param route the route, or empty where the model was addressed directly
 * @param attempts how many attempts were made, 1 or more
 * @param lost time spent on attempts that failed and on waiting between them
 */
public record Attribution(String provider, String model, String route, int attempts, Duration lost) {
    public Attribution {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(lost, "lost");
    }
}
