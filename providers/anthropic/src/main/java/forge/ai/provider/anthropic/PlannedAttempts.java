package forge.ai.provider.anthropic;

import forge.ai.api.ForgeException;
import forge.ai.runtime.support.attempt.Attempts;
import java.time.Duration;
import java.util.Optional;

/** Makes another attempt at once where the upstream refused a request and there is another way to say it. */
final class PlannedAttempts implements Attempts<Plan> {

    private final Plans plans;
    private final Need need;
    private Plan plan;

    PlannedAttempts(Plans plans, Need need) {
        this.plans = plans;
        this.need = need;
        this.plan = plans.first(need);
    }

    @Override
    public Plan next() {
        return plan;
    }

    @Override
    public void answered(Plan attempt) {
        // Nothing to learn from.
    }

    @Override
    public Optional<Duration> failed(Plan attempt, ForgeException failure, boolean answered) {
        Optional<Plan> next = answered ? Optional.empty() : plans.after(attempt, need, failure);
        next.ifPresent(other -> plan = other);
        return next.map(other -> Duration.ZERO);
    }
}
