package forge.ai.runtime.inference;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.TimedOutException;
import forge.ai.api.inference.InferenceRequest;

/**
 * How long a request may take.
 *
 * @param began when it came
 * @param nanos how long it may take from then; {@link Long#MAX_VALUE} if nothing was said
 * @param time the clock
 */
record Limit(long began, long nanos, Time time) {

    static final Limit NONE = new Limit(0, Long.MAX_VALUE, Time.REAL);

    static Limit of(InferenceRequest request) {
        return of(request, Time.REAL);
    }

    static Limit of(InferenceRequest request, Time time) {
        long nanos = request.timeout().isEmpty()
                ? Long.MAX_VALUE
                : Math.max(0, request.timeout().get().toNanos());
        return new Limit(time.now(), nanos, time);
    }

    /** Whether anything was said. */
    boolean limited() {
        return nanos != Long.MAX_VALUE;
    }

    long left(long now) {
        return nanos == Long.MAX_VALUE ? nanos : nanos - (now - began);
    }

    boolean over() {
        return nanos != Long.MAX_VALUE && left(time.now()) <= 0;
    }

    /** Throws if nobody waits for the answer any more. */
    void check(String model) {
        if (over()) {
            throw timedOut(model);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("the request to " + model + " was given up");
        }
    }

    /** What ends a request whose caller does not wait any more. */
    ForgeException end(String model) {
        return over() ? timedOut(model) : new CancelledException("the request to " + model + " was given up");
    }

    private TimedOutException timedOut(String model) {
        return new TimedOutException("no answer of %s within %d ms".formatted(model, nanos / 1_000_000));
    }
}
