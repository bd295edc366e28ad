package forge.ai.runtime.support.lease;

import java.time.Duration;

/** A service with the number of leases on it; once closed it gives no more leases. */
final class LeasedService<S> {

    private final S service;
    private volatile int ranking;
    private final long id;
    private final CallGate gate = new CallGate();

    LeasedService(S service, int ranking, long id) {
        this.service = service;
        this.ranking = ranking;
        this.id = id;
    }

    S service() {
        return service;
    }

    void rank(int value) {
        ranking = value;
    }

    /** Highest ranking first; of equals the newest, for it replaces the others. */
    int compare(LeasedService<S> other) {
        int byRanking = Integer.compare(other.ranking, ranking);
        return byRanking != 0 ? byRanking : Long.compare(other.id, id);
    }

    boolean enter() {
        return gate.enter();
    }

    void leave() {
        gate.leave();
    }

    long leases() {
        return gate.inside();
    }

    void close() {
        gate.close();
    }

    /** Waits until no lease is left; false if the limit came first. */
    boolean awaitIdle(Duration limit) {
        return gate.awaitIdle(limit);
    }
}
