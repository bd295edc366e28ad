package forge.ai.runtime.inference;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the computations that run and the requests that wait, in one word: so whoever ends a computation learns
 * without a lock whether somebody waits for the slot.
 */
final class Slots {

    private static final long WAITING = 1L << 32;

    private final AtomicLong state = new AtomicLong();

    private static int running(long state) {
        return (int) state;
    }

    private static int waiting(long state) {
        return (int) (state >> 32);
    }

    /** Takes a slot if fewer than {@code most} are taken and nobody waits. */
    boolean enter(int most) {
        long seen = state.get();
        while (waiting(seen) == 0 && running(seen) < most) {
            if (state.compareAndSet(seen, seen + 1)) {
                return true;
            }
            seen = state.get();
        }
        return false;
    }

    /** One more waits, if fewer than {@code most} do. */
    boolean offer(int most) {
        long seen = state.get();
        while (waiting(seen) < most) {
            if (state.compareAndSet(seen, seen + WAITING)) {
                return true;
            }
            seen = state.get();
        }
        return false;
    }

    /** Takes a slot if fewer than {@code most} are taken and somebody waits. */
    boolean enterForWaiting(int most) {
        long seen = state.get();
        while (waiting(seen) > 0 && running(seen) < most) {
            if (state.compareAndSet(seen, seen + 1)) {
                return true;
            }
            seen = state.get();
        }
        return false;
    }

    /** Gives a slot back, unless somebody waits for it: then it stays taken. */
    boolean leave() {
        long seen = state.get();
        while (waiting(seen) == 0) {
            if (state.compareAndSet(seen, seen - 1)) {
                return true;
            }
            seen = state.get();
        }
        return false;
    }

    int waiting() {
        return waiting(state.get());
    }

    /** Whether any slot is taken or anybody waits. */
    boolean busy() {
        return state.get() != 0;
    }

    int running() {
        return running(state.get());
    }

    /** So many fewer wait. */
    void taken(int count) {
        state.addAndGet(-count * WAITING);
    }
}
