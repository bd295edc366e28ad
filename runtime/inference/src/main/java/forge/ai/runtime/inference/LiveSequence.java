package forge.ai.runtime.inference;

import forge.ai.api.ErrorDetails;
import forge.ai.api.NotFoundException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A sequence: the model that it is with, its state, and the order of its requests. Fields are guarded by the turn. */
final class LiveSequence {

    /** So many requests of a sequence may wait for their turn. */
    private static final int MOST_WAITING = 256;

    private final String model;
    private final String id;
    /** Fair: requests have their turn in the order in which they came. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private SharedLease lease;
    private @Nullable Map<String, Tensor> state;
    private boolean ended;
    private volatile long usedAt;
    private long leavingSince;
    private boolean leaving;

    private LiveSequence(String model, String id, ModelLease lease, long now) {
        this.model = model;
        this.id = id;
        this.lease = new SharedLease(lease);
        this.usedAt = now;
    }

    /** A new sequence; it is the caller's turn. */
    static LiveSequence entered(String model, String id, ModelLease lease, long now) {
        LiveSequence fresh = new LiveSequence(model, id, lease, now);
        fresh.turn.lock();
        return fresh;
    }

    String model() {
        return model;
    }

    String id() {
        return id;
    }

    SharedLease lease() {
        return lease;
    }

    /** Waits for the turn; false if the sequence has ended meanwhile. */
    boolean enter(Limit limit) {
        if (waiting() >= MOST_WAITING) {
            throw new ResourceExhaustedException(
                    "%d requests of the sequence %s of %s wait already, which is the most"
                            .formatted(MOST_WAITING, id, model),
                    ErrorDetails.NONE.withRetryAfter(Duration.ofSeconds(1)));
        }
        try {
            if (!turn.tryLock(limit.left(System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw limit.end(model);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw limit.end(model);
        }
        if (ended) {
            turn.unlock();
        }
        return !ended;
    }

    int waiting() {
        return turn.getQueueLength();
    }

    /** Has the turn if nobody has it or waits for it. */
    boolean enterIfIdle() {
        return !turn.hasQueuedThreads() && turn.tryLock();
    }

    void leave(long now) {
        usedAt = now;
        turn.unlock();
    }

    void leaveUnused() {
        turn.unlock();
    }

    long usedAt() {
        return usedAt;
    }

    boolean ended() {
        return ended;
    }

    void end() {
        if (!ended) {
            ended = true;
            state = null;
            lease.release();
        }
    }

    /** Begins anew with the model as it is now. */
    void restart(ModelLease fresh) {
        state = null;
        leaving = false;
        lease.release();
        lease = new SharedLease(fresh);
    }

    Map<String, Tensor> state(Supplier<Map<String, Tensor>> initial) {
        Map<String, Tensor> now = state;
        return now == null ? initial.get() : now;
    }

    void state(Map<String, Tensor> next) {
        state = next;
    }

    /**
     * Goes over to the same files loaded anew, as after their backend was replaced; the state is the engine's, so
     * nothing is lost.
     *
     * @return false if they are not served any more
     */
    boolean move(Models models, Limit limit) {
        ModelStatus before = lease.status();
        try {
            ModelLease next = models.acquire(model, VersionSelector.of(before.version()), limit);
            if (!next.status().digest().equals(before.digest())) {
                next.close();
                return false;
            }
            lease.release();
            lease = new SharedLease(next);
            return true;
        } catch (NotFoundException | UnavailableException e) {
            return false;
        }
    }

    /** Since when the model leaves without another version in its place; noted at the first call. */
    long leavingSince(long now) {
        if (!leaving) {
            leaving = true;
            leavingSince = now;
        }
        return leavingSince;
    }

    void stays() {
        leaving = false;
    }
}
