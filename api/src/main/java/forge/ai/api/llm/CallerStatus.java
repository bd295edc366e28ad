package forge.ai.api.llm;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;

/**
 * A caller and what it uses.
 *
 * @param caller who
 * @param limits what is left of its limits
 * @param active calls in flight
 * @param spent what was paid for in the present window of the budget
 * @param budget what may be spent in a window, where limited
 */
public record CallerStatus(
        Caller caller, RateLimits limits, int active, BigDecimal spent, Optional<BigDecimal> budget) {
    public CallerStatus {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(spent, "spent");
        Objects.requireNonNull(budget, "budget");
    }
}
