package forge.ai.runtime.support.lease;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Lets calls in and out, until it is closed; then tells when the last one is out. */
public final class CallGate {

    private static final long CLOSED = 1L << 62;

    /** The number of calls inside, plus {@link #CLOSED} once no more are let in: one word, so that entering is one CAS. */
    private final AtomicLong state = new AtomicLong();

    private final CountDownLatch idle = new CountDownLatch(1);
    private final AtomicReference<@Nullable Runnable> last = new AtomicReference<>();

    /** Whether the caller is in; if so, {@link #leave()} must follow. */
    public boolean enter() {
        long seen = state.get();
        while (seen < CLOSED) {
            if (state.compareAndSet(seen, seen + 1)) {
                return true;
            }
            seen = state.get();
        }
        return false;
    }

    public void leave() {
        if (state.decrementAndGet() == CLOSED) {
            end();
        }
    }

    /** The number of calls inside. */
    public long inside() {
        return state.get() & ~CLOSED;
    }

    public boolean closed() {
        return state.get() >= CLOSED;
    }

    /** Lets no more calls in. */
    public void close() {
        close(() -> {});
    }

    /**
     * Lets no more calls in.
     *
     * @param whenIdle done once the last call is out, in its thread, or in this one if none is inside
     * @return false if it was closed before; then nothing is done
     */
    public boolean close(Runnable whenIdle) {
        if (!last.compareAndSet(null, whenIdle)) {
            return false;
        }
        if (state.getAndUpdate(s -> s | CLOSED) == 0) {
            end();
        }
        return true;
    }

    private void end() {
        try {
            Objects.requireNonNull(last.get()).run();
        } finally {
            idle.countDown();
        }
    }

    /** Waits until closed and the last call is out; false if the limit came first. */
    public boolean awaitIdle(Duration limit) {
        try {
            return idle.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
