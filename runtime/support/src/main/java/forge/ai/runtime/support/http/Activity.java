package forge.ai.runtime.support.http;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts calls in flight and lets one wait until there are none. */
final class Activity {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int active;
    private boolean closed;

    /** False once closed. */
    boolean enter() {
        lock.lock();
        try {
            if (!closed) {
                active++;
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            if (--active == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets no more calls in and waits for those that are; false if some were left at the limit. */
    boolean drain(Duration limit) {
        lock.lock();
        try {
            closed = true;
            long left = limit.toNanos();
            while (active > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return active == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    int active() {
        lock.lock();
        try {
            return active;
        } finally {
            lock.unlock();
        }
    }
}
