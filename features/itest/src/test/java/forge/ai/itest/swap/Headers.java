package forge.ai.itest.swap;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The values that a header had, one after the other. */
final class Headers {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private String last = "";

    void seen(String value) {
        lock.lock();
        try {
            if (!value.equals(last)) {
                last = value;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the latest request has this value; empty if the limit comes first, else how long it took. */
    Optional<Duration> await(String value, Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!last.equals(value)) {
                if (left <= 0) {
                    return Optional.empty();
                }
                left = changed.awaitNanos(left);
            }
            return Optional.of(Duration.ofNanos(System.nanoTime() - start));
        } finally {
            lock.unlock();
        }
    }
}
