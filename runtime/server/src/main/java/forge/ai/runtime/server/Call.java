package forge.ai.runtime.server;

import java.util.concurrent.locks.ReentrantLock;

/** A request being handled, in its thread. */
final class Call {

    /** Why a call is given up. */
    enum End {
        NONE,
        CLIENT_GONE,
        SERVER_STOPS
    }

    private final Thread thread = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile End end = End.NONE;
    private boolean over;

    /** Interrupts the handler, unless it is through; whatever it waits for is given up. */
    void end(End why) {
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
    void over() {
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

    End ended() {
        return end;
    }
}
