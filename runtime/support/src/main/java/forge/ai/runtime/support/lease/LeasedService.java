package forge.ai.runtime.support.lease;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A service with the number of leases on it; once closed it gives no more leases. */
final class LeasedService<S> {

    private static final long CLOSED = 1L << 62;

    private final S service;
    private final int ranking;
    private final long id;
    /** The number of leases, plus {@link #CLOSED} once no more are given: one word, so that entering is one CAS. */
    private final AtomicLong state = new AtomicLong();

    private final CountDownLatch idle = new CountDownLatch(1);

    LeasedService(S service, int ranking, long id) {
        this.service = service;
        this.ranking = ranking;
        this.id = id;
    }

    S service() {
        return service;
    }

    /** Highest ranking first; of equals the newest, for it replaces the others. */
    int compare(LeasedService<S> other) {
        int byRanking = Integer.compare(other.ranking, ranking);
        return byRanking != 0 ? byRanking : Long.compare(other.id, id);
    }

    boolean enter() {
        long seen = state.get();
        while (seen < CLOSED) {
            if (state.compareAndSet(seen, seen + 1)) {
                return true;
            }
            seen = state.get();
        }
        return false;
    }

    void leave() {
        if (state.decrementAndGet() == CLOSED) {
            idle.countDown();
        }
    }

    long leases() {
        return state.get() & ~CLOSED;
    }

    void close() {
        if (state.getAndUpdate(s -> s | CLOSED) == 0) {
            idle.countDown();
        }
    }

    /** Waits until no lease is left; false if the limit came first. */
    boolean awaitIdle(Duration limit) {
        try {
            return idle.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
