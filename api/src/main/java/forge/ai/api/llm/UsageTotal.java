package forge.ai.api.llm;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * The sum of entries of the ledger that agree in provider, model and key.
 *
 * @param calls all attempts, however they ended
 * @param failed those that failed or were cut
 * @param cancelled those that the caller gave up
 * @param cached those answered from a cache
 * @param estimated those whose tokens are estimates
 * @param usage the tokens
 * @param cost of the tokens
 */
public record UsageTotal(
        String provider,
        String model,
        String key,
        long calls,
        long failed,
        long cancelled,
        long cached,
        long estimated,
        Usage usage,
        BigDecimal cost) {

    public UsageTotal {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(cost, "cost");
    }
}
