package forge.ai.runtime.llm;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, on a thread of its own: whoever waits for it can go at any time, and the provider is held until its code
 * has really been left.
 */
abstract class Attempt implements Runnable {

    private final Permit permit;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread thread;
    private boolean cancelled;

    Attempt(Permit permit) {
        this.permit = permit;
    }

    final Permit permit() {
        return permit;
    }

    /** Calls the provider; must not throw. */
    abstract void call();

    @Override
    public final void run() {
        try {
            if (begin()) {
                call();
            }
        } finally {
            end();
            permit.close();
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            thread = Thread.currentThread();
            if (!cancelled) {
                permit.account().asked();
            }
            return !cancelled;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            thread = null;
        } finally {
            lock.unlock();
        }
    }

    /** From any thread: nobody waits for this attempt any more. */
    void cancel() {
        lock.lock();
        try {
            cancelled = true;
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
        permit.account().cancelled();
    }

    final boolean cancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }
}
