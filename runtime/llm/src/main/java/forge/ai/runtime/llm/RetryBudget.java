package forge.ai.runtime.llm;

import java.util.function.LongSupplier;

/**
 * Keeps retries to a share of the traffic, so that they do not multiply an outage: every call pays a share of a retry
 * in, every retry takes a whole one out. One retry a second is free, so that little traffic may be retried too.
 */
final class RetryBudget {

    private static final double MOST = 100;
    private static final double START = 10;
    private static final double FREE_PER_NANO = 1e-9;

    private final LongSupplier nanos;
    private double balance = START;
    private long since;

    RetryBudget(LongSupplier nanos) {
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /** @param share of a retry that this call pays in, 0 to 1 */
    synchronized void deposit(double share) {
        accrue();
        balance = Math.min(MOST, balance + share);
    }

    /** Takes a retry out; false if there is none left. */
    synchronized boolean withdraw() {
        accrue();
        if (balance < 1) {
            return false;
        }
        balance--;
        return true;
    }

    /** Time alone never fills the budget beyond its start. */
    private void accrue() {
        long now = nanos.getAsLong();
        if (balance < START) {
            balance = Math.min(START, balance + (now - since) * FREE_PER_NANO);
        }
        since = now;
    }
}
