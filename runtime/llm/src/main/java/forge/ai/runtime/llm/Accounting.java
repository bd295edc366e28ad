package forge.ai.runtime.llm;

import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Callers;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageLedger;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What calls take and who answers for it: the callers, the ledger, the prices, and the limits of providers. */
final class Accounting {

    private final LeaseRouter<UsageLedger> ledgers = new LeaseRouter<>();
    private final LeaseRouter<Callers> callers = new LeaseRouter<>();
    private final TokenEstimates estimates = new TokenEstimates();
    private final TargetLimits limits;
    private final Prices prices;
    private volatile CallMeters meters = CallMeters.NONE;
    /** From the first ledger on, no call is made that cannot be booked. */
    private volatile boolean booking;

    Accounting(Prices prices, LongSupplier nanos) {
        this.prices = prices;
        this.limits = new TargetLimits(nanos);
    }

    LeaseRouter<UsageLedger> ledgers() {
        return ledgers;
    }

    LeaseRouter<Callers> callers() {
        return callers;
    }

    TokenEstimates estimates() {
        return estimates;
    }

    TargetLimits limits() {
        return limits;
    }

    CallMeters meters() {
        return meters;
    }

    void meters(CallMeters value) {
        meters = value;
    }

    BigDecimal cost(Target target, Usage usage) {
        return prices.cost(target, usage);
    }

    /** A hold on the ledger; empty where the runtime has none. */
    Optional<Lease<UsageLedger>> ledger() {
        if (!booking && ledgers.services().isEmpty()) {
            return Optional.empty();
        }
        booking = true;
        return Optional.of(ledgers.acquire()
                .orElseThrow(() -> new UnavailableException("the usage ledger is not there now; try again")));
    }

    /** A hold on what knows the callers. */
    Lease<Callers> holdCallers() {
        return callers.acquire()
                .orElseThrow(() -> new UnavailableException("what knows the callers is not there now; try again"));
    }
}
