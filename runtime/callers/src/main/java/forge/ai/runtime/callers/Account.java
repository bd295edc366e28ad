package forge.ai.runtime.callers;

import forge.ai.api.ErrorDetails;
import forge.ai.api.RateLimitedException;
import forge.ai.api.llm.Admission;
import forge.ai.api.llm.CallerStatus;
import forge.ai.api.llm.RateLimits;
import forge.ai.runtime.support.limit.CallLimiter;
import forge.ai.runtime.support.limit.Entry;
import forge.ai.runtime.support.limit.Pass;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** One caller: what it has used, and what it may. */
final class Account {

    private final CallLimiter limiter;
    private final Budget budget;
    private volatile KeyConfiguration.Settings settings;

    Account(
            KeyConfiguration.Settings settings,
            LongSupplier nanos,
            InstantSource clock,
            Function<Instant, Optional<BigDecimal>> ledger) {
        this.settings = settings;
        this.limiter = new CallLimiter(settings.limits(), nanos);
        this.budget = new Budget(settings.caller().name(), settings.budget(), clock, ledger);
    }

    KeyConfiguration.Settings settings() {
        return settings;
    }

    /** Takes other settings; what was used counts. */
    void change(KeyConfiguration.Settings value) {
        if (!value.limits().equals(settings.limits())) {
            limiter.change(value.limits());
        }
        if (!value.budget().equals(settings.budget())) {
            budget.change(value.budget());
        }
        settings = value;
    }

    Admission admit(long input, long output, BigDecimal cost) {
        return switch (limiter.enter(input, output)) {
            case Pass pass -> admitted(pass, cost);
            case Entry.Denial denial -> throw limited(denial);
        };
    }

    private RateLimitedException limited(Entry.Denial denial) {
        ErrorDetails details =
                denial.retryAfter().map(ErrorDetails.NONE::withRetryAfter).orElse(ErrorDetails.NONE);
        return new RateLimitedException(
                "the key '" + settings.caller().name() + "' is at its limit: " + denial.limit(), details);
    }

    private Admission admitted(Pass pass, BigDecimal cost) {
        try {
            budget.reserve(cost);
        } catch (RuntimeException e) {
            pass.withdraw();
            throw e;
        }
        return new Admitted(pass, cost);
    }

    RateLimits limits() {
        return limiter.state();
    }

    CallerStatus status() {
        return new CallerStatus(
                settings.caller(),
                limiter.state(),
                limiter.active(),
                budget.spent(),
                settings.budget().amount());
    }

    /** A call of this caller. */
    private final class Admitted implements Admission {

        private final Pass pass;
        private final BigDecimal reserved;
        private final AtomicBoolean settled = new AtomicBoolean();

        Admitted(Pass pass, BigDecimal reserved) {
            this.pass = pass;
            this.reserved = reserved;
        }

        @Override
        public RateLimits limits() {
            return limiter.state();
        }

        @Override
        public void settle(long tokens, BigDecimal cost) {
            if (settled.compareAndSet(false, true)) {
                pass.settle(tokens);
                budget.settle(reserved, cost);
            }
        }

        @Override
        public void close() {
            settle(0, BigDecimal.ZERO);
            pass.close();
        }
    }
}
