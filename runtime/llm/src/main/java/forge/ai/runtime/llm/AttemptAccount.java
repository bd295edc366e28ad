package forge.ai.runtime.llm;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageEntry.Operation;
import forge.ai.api.llm.UsageEntry.Outcome;
import forge.ai.api.monitoring.Histogram;
import forge.ai.api.monitoring.Span;
import forge.ai.runtime.support.limit.Pass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, booked once: however many threads say how it ended, the first one counts. One that never reached the
 * provider is not booked.
 */
final class AttemptAccount {

    private static final long NEVER = -1;

    private final CallAccount call;
    private final Target target;
    private final int number;
    private final List<Pass> passes;
    private final LongSupplier nanos;
    private final long begun;
    private final ReentrantLock booking = new ReentrantLock();
    private boolean booked;
    private volatile boolean asked;
    private volatile Span span = Span.NONE;
    /** Of the one thread of the attempt. */
    private long lastNanos;

    private @Nullable Histogram gaps;
    private volatile long firstNanos = NEVER;
    /** What parts of the answer took, if it fails before it is whole. */
    private volatile Usage parts = Usage.of(0, 0);
    /** Counted by the one thread of the attempt. */
    private volatile long characters;

    AttemptAccount(CallAccount call, Target target, int number, List<Pass> passes, LongSupplier nanos) {
        this.call = call;
        this.target = target;
        this.number = number;
        this.passes = passes;
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    /** The provider is asked from now on. */
    void asked() {
        Span parent = call.report().span();
        String operation = call.order().operation().map(SpanWords::of).orElse(SpanWords.COUNT);
        span = parent.recording()
                ? parent.child(operation + " " + target.model(), Span.Kind.CLIENT)
                        .set(SpanWords.OPERATION, operation)
                        .set(SpanWords.PROVIDER, target.provider())
                        .set(SpanWords.MODEL, target.model())
                : parent;
        asked = true;
    }

    /** The attempt's part of the trace, once the provider is asked. */
    Span span() {
        return span;
    }

    /** The first content is there. */
    void first() {
        lastNanos = nanos.getAsLong();
        firstNanos = lastNanos - begun;
    }

    /** More content is there. */
    void further() {
        long now = nanos.getAsLong();
        if (gaps == null) {
            gaps = call.report().meters().chunks(call.order().operation().orElse(Operation.CHAT), target);
        }
        gaps.recordNanos(now - lastNanos);
        lastNanos = now;
    }

    /** So many more characters are there. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    void more(long count) {
        characters += count;
    }

    /** The whole answer is there. */
    void completed(Optional<Usage> usage) {
        usage.ifPresent(
                u -> call.accounting().estimates().learn(target, call.order().demand(), u, characters));
        book(Outcome.COMPLETED, Optional.empty(), usage.orElseGet(this::estimate), usage.isEmpty());
    }

    /** Parts of the answer are there, though it will not be whole. */
    void partly(Usage usage) {
        parts = usage;
    }

    void failed(ForgeException failure) {
        boolean cut = firstNanos != NEVER;
        // Vendors charge for no answer that they refuse; one that was not waited for they may have given.
        boolean charged = cut || failure.code() == ErrorCode.TIMEOUT;
        book(cut ? Outcome.CUT : Outcome.FAILED, Optional.of(failure.code()), charged ? estimate() : parts, charged);
    }

    /** The caller does not want the answer any more. */
    void cancelled() {
        book(Outcome.CANCELLED, Optional.empty(), estimate(), true);
    }

    /** The provider's code has been left. */
    void close() {
        passes.forEach(asked ? Pass::close : Pass::withdraw);
    }

    private Usage estimate() {
        TokenEstimates estimates = call.accounting().estimates();
        return Usage.of(estimates.input(target, call.order().demand()), estimates.output(target, characters));
    }

    private void book(Outcome outcome, Optional<ErrorCode> error, Usage usage, boolean estimated) {
        // Whoever comes second waits until the first one is through: after that the call may be closed.
        booking.lock();
        try {
            if (asked && !booked) {
                booked = true;
                enter(outcome, error, usage, estimated);
            }
        } finally {
            booking.unlock();
        }
    }

    private void enter(Outcome outcome, Optional<ErrorCode> error, Usage usage, boolean estimated) {
        passes.forEach(pass -> pass.settle(usage.totalTokens()));
        call.order()
                .operation()
                .map(operation -> entry(operation, outcome, error, usage, estimated))
                .ifPresentOrElse(
                        entry -> {
                            SpanWords.describe(entry, span);
                            call.book(entry);
                        },
                        () -> error.ifPresent(code -> span.failed(code.name(), "")));
        span.end();
    }

    private UsageEntry entry(
            Operation operation, Outcome outcome, Optional<ErrorCode> error, Usage usage, boolean estimated) {
        return new UsageEntry(
                0,
                Instant.EPOCH,
                call.order().caller().name(),
                target.provider(),
                target.model(),
                call.order().plan().route(),
                operation,
                call.stream(),
                number,
                outcome,
                error,
                usage,
                estimated,
                call.accounting().cost(target, usage),
                Duration.ofNanos(nanos.getAsLong() - begun),
                firstNanos == NEVER ? Optional.empty() : Optional.of(Duration.ofNanos(firstNanos)));
    }
}
