package forge.ai.runtime.llm;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What real traffic has shown of one target: how many calls it has in hand, how quick it is, and whether it is left out
 * for a while. Left out is a target that failed too often; after that time one call at a time may try it again.
 */
final class TargetState {

    private static final int WINDOW = 20;
    private static final long WINDOW_BITS = (1L << WINDOW) - 1;

    private final LongSupplier nanos;
    private final AtomicInteger active = new AtomicInteger();
    private final Latency answers;
    private final Latency firstPieces;

    /** The last calls, the newest in bit 0; 1 is a failure. */
    private long outcomes;

    private int calls;
    private int failuresInARow;
    private int ejections;
    private boolean out;
    /** The call that tries the target while it is left out. */
    private @Nullable Object trial;

    private long outUntil;
    private long coolUntil;

    TargetState(LongSupplier nanos) {
        this.nanos = nanos;
        this.answers = new Latency(nanos);
        this.firstPieces = new Latency(nanos);
        this.coolUntil = nanos.getAsLong();
    }

    AtomicInteger active() {
        return active;
    }

    /** The time to the first piece of streams, or to the whole answer. */
    Latency latency(boolean stream) {
        return stream ? firstPieces : answers;
    }

    /** Whether a call may go there, were there a choice. */
    synchronized boolean usable() {
        long now = nanos.getAsLong();
        return now - coolUntil >= 0 && (!out || trial == null && now - outUntil >= 0);
    }

    /** As {@link #usable()}; if the target is left out, this call is the one that tries it, until it has ended. */
    synchronized boolean enter(Object call) {
        boolean usable = usable();
        if (usable && out) {
            trial = call;
        }
        return usable;
    }

    synchronized void succeeded() {
        remember(0);
        failuresInARow = 0;
        if (out) {
            out = false;
            outcomes = 0;
            calls = 0;
        } else if (calls == WINDOW && outcomes == 0) {
            ejections = 0;
        }
        trial = null;
    }

    synchronized void failed(Object call, Settings.Ejection ejection) {
        remember(1);
        failuresInARow++;
        boolean often = calls == WINDOW && Long.bitCount(outcomes) * 2 >= WINDOW;
        if (out ? trial == call : failuresInARow >= ejection.failures() || often) {
            out = true;
            double time = ejection.first().toNanos() * Math.pow(2, Math.min(ejections++, 30));
            outUntil =
                    nanos.getAsLong() + (long) Math.min(time, ejection.longest().toNanos());
        }
    }

    /** The call goes nowhere near the target any more. */
    synchronized void leave(Object call) {
        if (trial == call) {
            trial = null;
        }
    }

    /** The target asked to be left alone for a while. */
    synchronized void cool(Duration time) {
        coolUntil = nanos.getAsLong() + time.toNanos();
    }

    /** There is reason to believe that the target is well again: the next call may try it. */
    synchronized void hopeful() {
        outUntil = nanos.getAsLong();
    }

    private void remember(int outcome) {
        outcomes = (outcomes << 1 | outcome) & WINDOW_BITS;
        calls = Math.min(calls + 1, WINDOW);
    }
}
