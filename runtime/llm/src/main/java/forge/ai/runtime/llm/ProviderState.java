package forge.ai.runtime.llm;

import forge.ai.api.ForgeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** How a provider does: whether its last call or probe succeeded, and how many retries it may still be given. */
final class ProviderState {

    private static final long NEVER = Duration.ofDays(365).toNanos();

    /** What was seen last, and since when it is so. */
    record Sight(boolean healthy, String reason, Instant since) {}

    private final LongSupplier nanos;
    private final RetryBudget budget;
    private volatile Sight sight = new Sight(true, "", Instant.now());
    private volatile long succeededAt;

    ProviderState(LongSupplier nanos) {
        this.nanos = nanos;
        this.budget = new RetryBudget(nanos);
        this.succeededAt = nanos.getAsLong() - NEVER;
    }

    RetryBudget budget() {
        return budget;
    }

    Sight sight() {
        return sight;
    }

    void succeeded() {
        succeededAt = nanos.getAsLong();
        if (!sight.healthy()) {
            sight = new Sight(true, "", Instant.now());
        }
    }

    void failed(ForgeException failure) {
        Sight before = sight;
        Instant since = before.healthy() ? Instant.now() : before.since();
        sight = new Sight(false, failure.code() + ": " + failure.getMessage(), since);
    }

    /** How long ago it was last seen to serve. */
    Duration sinceSuccess() {
        return Duration.ofNanos(nanos.getAsLong() - succeededAt);
    }
}
