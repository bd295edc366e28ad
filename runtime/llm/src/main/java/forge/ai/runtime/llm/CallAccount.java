package forge.ai.runtime.llm;

import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.RateLimitedException;
import forge.ai.api.llm.Admission;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.Callers;
import forge.ai.api.llm.RateLimits;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageLedger;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.limit.CallLimiter;
import forge.ai.runtime.support.limit.Entry;
import forge.ai.runtime.support.limit.Pass;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One call: reserved with the caller and the route when it begins, settled with what its attempts have taken when it
 * ends.
 */
final class CallAccount implements AutoCloseable {

    private final Order order;
    private final boolean stream;
    private final Accounting accounting;
    private final @Nullable CallLimiter routeLimiter;
    private final CallReport report;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable Lease<UsageLedger> ledger;
    private @Nullable Lease<Callers> callers;
    private @Nullable Admission admission;
    private @Nullable Pass route;
    private long tokens;
    private BigDecimal cost = BigDecimal.ZERO;

    private CallAccount(Order order, boolean stream, Routing routing) {
        this.order = order;
        this.stream = stream;
        this.accounting = routing.accounting();
        this.report = new CallReport(order, stream, accounting.meters(), routing.clock());
        this.routeLimiter = routing.routes().limiter(order.plan()).orElse(null);
    }

    /**
     * Lets a call in.
     *
     * @throws ForgeException if the caller or the route is at its limit, saying what is left
     */
    static CallAccount open(Order order, boolean stream, Routing routing) {
        return open(order, stream, order.operation().isPresent(), routing);
    }

    /** Lets a call in that takes no tokens, for it is answered from the cache. */
    static CallAccount openCached(Order order, boolean stream, Routing routing) {
        return open(order, stream, false, routing);
    }

    private static CallAccount open(Order order, boolean stream, boolean tokens, Routing routing) {
        CallAccount account = new CallAccount(order, stream, routing);
        try {
            account.reserve(tokens);
            return account;
        } catch (ForgeException e) {
            Attribution refused =
                    new Attribution("", "", order.plan().route(), 0, Duration.ZERO).withLimits(account.limits());
            account.close();
            ForgeException explained = Failures.explained(e, refused);
            account.report.failed(explained);
            throw explained;
        }
    }

    private void reserve(boolean takesTokens) {
        Target first = order.plan().targets().getFirst();
        long input = takesTokens ? accounting.estimates().mostInput(first, order.demand()) : 0;
        long output = takesTokens ? accounting.estimates().mostOutput(first, order.demand()) : 0;
        if (order.operation().isPresent()) {
            ledger = accounting.ledger().orElse(null);
        }
        if (routeLimiter != null) {
            route = switch (routeLimiter.enter(input, output)) {
                case Pass pass -> pass;
                case Entry.Denial denial -> throw limited(order.plan().label() + " is at its limit: ", denial);
            };
        }
        if (!order.caller().equals(Caller.ANONYMOUS)) {
            callers = accounting.holdCallers();
            BigDecimal price = accounting.cost(first, Usage.of(input, output));
            try {
                admission = callers.service().admit(order.caller(), input, output, price);
            } catch (ForgeException e) {
                if (route != null) {
                    route.withdraw();
                }
                throw e;
            }
        }
    }

    static RateLimitedException limited(String what, Entry.Denial denial) {
        return new RateLimitedException(
                what + denial.limit(),
                denial.retryAfter().map(ErrorDetails.NONE::withRetryAfter).orElse(ErrorDetails.NONE));
    }

    Order order() {
        return order;
    }

    boolean stream() {
        return stream;
    }

    /** What monitoring hears of it. */
    CallReport report() {
        return report;
    }

    Accounting accounting() {
        return accounting;
    }

    /** What is left to the caller now. */
    RateLimits limits() {
        RateLimits left = routeLimiter == null ? RateLimits.NONE : routeLimiter.state();
        if (admission != null) {
            return admission.limits().tightest(left);
        }
        return callers == null ? left : callers.service().limits(order.caller()).tightest(left);
    }

    /** Books an attempt, and counts what it took. */
    void book(UsageEntry entry) {
        Lease<UsageLedger> book = ledger;
        if (book != null && order.operation().isPresent()) {
            book.service().book(entry);
        }
        report.meters().attempt(entry);
        synchronized (this) {
            tokens += entry.usage().totalTokens();
            cost = cost.add(entry.cost());
        }
    }

    /** Books an answer that was given before, which takes nothing. */
    void bookCached(Attribution by) {
        order.operation()
                .ifPresent(operation -> book(new UsageEntry(
                        0,
                        Instant.EPOCH,
                        order.caller().name(),
                        by.provider(),
                        by.model(),
                        order.plan().route(),
                        operation,
                        stream,
                        1,
                        UsageEntry.Outcome.CACHED,
                        Optional.empty(),
                        Usage.of(0, 0),
                        false,
                        BigDecimal.ZERO,
                        Duration.ZERO,
                        Optional.empty())));
    }

    /** The call is over: what was reserved is settled. All its attempts have been booked. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        settle();
        Optional.ofNullable(admission).ifPresent(Admission::close);
        Optional.ofNullable(route).ifPresent(Pass::close);
        Optional.ofNullable(callers).ifPresent(Lease::close);
        Optional.ofNullable(ledger).ifPresent(Lease::close);
    }

    private synchronized void settle() {
        Optional.ofNullable(admission).ifPresent(a -> a.settle(tokens, cost));
        Optional.ofNullable(route).ifPresent(r -> r.settle(tokens));
    }
}
