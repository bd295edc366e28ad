package forge.ai.provider.local;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the calls in flight, for whoever has to wait for the last one. */
final class CallCount {

    /** The longest wait; as long as whoever calls the provider waits for it. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private int calls;

    void begin() {
        lock.lock();
        try {
            calls++;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            if (--calls == 0) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is none; false if some were left at the limit. */
    boolean awaitNone() {
        lock.lock();
        try {
            long left = LIMIT.toNanos();
            while (calls > 0 && left > 0) {
                left = none.awaitNanos(left);
            }
            return calls == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
