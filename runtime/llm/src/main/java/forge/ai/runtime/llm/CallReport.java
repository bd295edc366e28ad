package forge.ai.runtime.llm;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.monitoring.Span;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** What monitoring hears of one call: however many say how it ended, the first one counts. */
final class CallReport {

    private final Order order;
    private final CallMeters meters;
    private final LongSupplier nanos;
    private final long begun;
    private final Span span;
    private final AtomicBoolean ended = new AtomicBoolean();

    CallReport(Order order, boolean stream, CallMeters meters, LongSupplier nanos) {
        this.order = order;
        this.meters = meters;
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
        String operation = order.operation().map(SpanWords::of).orElse(SpanWords.COUNT);
        this.span = meters.span(operation, order.span())
                .set(SpanWords.OPERATION, operation)
                .set(SpanWords.MODEL, order.plan().name())
                .set(SpanWords.KEY, order.caller().name());
        if (stream) {
            span.set("gen_ai.request.stream", "true");
        }
    }

    /** Of which the attempts are parts. */
    Span span() {
        return span;
    }

    CallMeters meters() {
        return meters;
    }

    void answered(Attribution by) {
        SpanWords.describe(by, span);
        end("");
    }

    /** With who was asked, where the failure says so. */
    void failed(ForgeException failure) {
        failure.details().attribution().ifPresent(by -> SpanWords.describe(by, span));
        span.failed(failure.code().name(), "");
        end(failure.code().name());
    }

    /** Nobody waits for the answer any more. */
    void cancelled() {
        if (!ended.get()) {
            span.failed(ErrorCode.CANCELLED.name(), "");
            end(ErrorCode.CANCELLED.name());
        }
    }

    private void end(String error) {
        if (ended.compareAndSet(false, true)) {
            long took = nanos.getAsLong() - begun;
            order.operation()
                    .ifPresent(operation -> meters.call(operation, order.plan().name(), error, took));
            span.end();
        }
    }
}
