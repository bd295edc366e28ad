package forge.ai.runtime.inference;

import forge.ai.runtime.support.lease.InFlight;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Looks at what is under way, every few milliseconds as long as there is anything. */
final class Watchdog implements AutoCloseable {

    private static final long LOOK = Duration.ofMillis(5).toNanos();

    /** After so many looks at nothing it sleeps until something runs. */
    private static final int PATIENCE = 400;

    private final InFlight<Watched> running = new InFlight<>(64);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("inference watchdog").unstarted(this::watch);
    private volatile boolean asleep;
    private volatile boolean closed;

    void start() {
        thread.start();
    }

    /** Something begins, to be put in once; returns where it is, for {@link #remove}. */
    int put(Watched one) {
        int place = running.put(one);
        if (asleep) {
            LockSupport.unpark(thread);
        }
        return place;
    }

    void remove(int place, Watched one) {
        running.remove(place, one);
    }

    private void watch() {
        int idle = 0;
        while (!closed) {
            idle = nothing() ? idle + 1 : 0;
            if (idle < PATIENCE) {
                LockSupport.parkNanos(this, LOOK);
            } else {
                sleep();
                idle = 0;
            }
        }
    }

    private boolean nothing() {
        long now = System.nanoTime();
        return running.visit(one -> one.look(now));
    }

    private void sleep() {
        asleep = true;
        // Looked at again after the flag is up: who began before saw it down.
        while (nothing() && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
