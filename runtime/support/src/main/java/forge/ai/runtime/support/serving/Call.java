package forge.ai.runtime.support.serving;

import java.util.concurrent.locks.ReentrantLock;

/** A request being handled, in its thread. */
public final class Call {

    /** Why a call is given up. */
    public enum End {
        NONE,
        CLIENT_GONE,
        SERVER_STOPS
    }

    private final Thread thread = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile End end = End.NONE;
    private boolean over;

    /** Interrupts the handler, unless it is through; whatever it waits for is given up. */
    public void end(End why) {
        lock.lock();
        try {
            if (!over && end == End.NONE) {
                end = why;
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The handler's work is through: it is not interrupted any more, and what it writes now is not cut short. */
    public void over() {
        lock.lock();
        try {
            over = true;
            if (end != End.NONE) {
                // The thread goes on to the next request of its connection.
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Why it was given up, if it was. */
    public End ended() {
        return end;
    }
}
