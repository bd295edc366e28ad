package forge.ai.runtime.callers;

import forge.ai.api.ErrorDetails;
import forge.ai.api.QuotaException;
import forge.ai.api.RateLimitedException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What a caller may spend in a window of time. A call reserves what it is likely to cost and is settled with what it
 * cost. Where what is left is less than that, calls go one at a time until it is spent: none is refused for good because
 * of an estimate, and only the last one may go beyond the budget.
 */
final class Budget {

    /** What it may be. */
    record Terms(Optional<BigDecimal> amount, BudgetWindow window) {}

    private static final Duration SOON = Duration.ofSeconds(1);
    /** How often the ledger is asked, by whose rows the spending is what it is. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);

    private final String name;
    private final InstantSource clock;
    private final Function<Instant, Optional<BigDecimal>> ledger;
    private final ReentrantLock lock = new ReentrantLock();
    private Terms terms;
    private Instant start = Instant.MIN;
    private Instant asked = Instant.MIN;
    private BigDecimal spent = BigDecimal.ZERO;
    private BigDecimal reserved = BigDecimal.ZERO;
    private int active;

    /** @param ledger what was spent since a moment, where it is known */
    Budget(String name, Terms terms, InstantSource clock, Function<Instant, Optional<BigDecimal>> ledger) {
        this.name = name;
        this.terms = terms;
        this.clock = clock;
        this.ledger = ledger;
    }

    /** Changes it; what was spent counts. */
    void change(Terms value) {
        lock.lock();
        try {
            terms = value;
            start = Instant.MIN;
        } finally {
            lock.unlock();
        }
    }

    /** Reserves; {@link #settle} must follow. */
    void reserve(BigDecimal cost) {
        lock.lock();
        try {
            roll();
            BigDecimal amount = terms.amount().orElse(null);
            if (amount != null && spent.compareTo(amount) >= 0) {
                throw new QuotaException("the budget of the key '" + name + "' is used up: " + amount.toPlainString()
                        + " for budgetWindow " + terms.window().key());
            }
            if (amount != null && active > 0 && spent.add(reserved).add(cost).compareTo(amount) > 0) {
                throw new RateLimitedException(
                        "what is left of the budget of the key '" + name + "' is reserved by its calls in flight",
                        ErrorDetails.NONE.withRetryAfter(SOON));
            }
            active++;
            reserved = reserved.add(cost);
        } finally {
            lock.unlock();
        }
    }

    void settle(BigDecimal reservation, BigDecimal cost) {
        lock.lock();
        try {
            roll();
            active--;
            reserved = reserved.subtract(reservation);
            spent = spent.add(cost);
        } finally {
            lock.unlock();
        }
    }

    BigDecimal spent() {
        lock.lock();
        try {
            roll();
            return spent;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks the ledger when a window begins and now and then when no calls are in flight. While some are, a row may be
     * booked that is not settled here yet, which would count twice for that long.
     */
    private void roll() {
        Instant now = clock.instant();
        Instant current = terms.window().start().apply(now);
        boolean fresh = !current.equals(start);
        if (fresh) {
            start = current;
            spent = BigDecimal.ZERO;
        }
        if (fresh || active == 0 && now.isAfter(asked.plus(ASK_EVERY))) {
            asked = now;
            ledger.apply(current).ifPresent(known -> spent = known);
        }
    }
}
