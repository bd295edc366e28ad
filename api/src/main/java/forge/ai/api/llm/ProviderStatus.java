package forge.ai.api.llm;

import java.time.Instant;
import java.util.Objects;

/**
 * How a provider does.
 *
 * @param name its name
 * @param healthy whether its last probe or call succeeded
 * @param reason what was wrong, or empty
 * @param since when this began
 * @param active calls in flight
 */
public record ProviderStatus(String name, boolean healthy, String reason, Instant since, int active) {
    public ProviderStatus {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(since, "since");
    }
}
