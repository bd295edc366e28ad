package forge.ai.runtime.inference;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.Sequence;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.Sequencing;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The sequences that live. Each holds its model, so that its version stays while newer ones serve others. */
final class Sequences implements AutoCloseable {

    private static final long SWEEP = Duration.ofMillis(250).toNanos();

    private record Key(String model, String id) {}

    private final Models models;
    private final LongSupplier clock;
    private final Map<Key, LiveSequence> live = new ConcurrentHashMap<>();
    private final Thread sweeper =
            Thread.ofPlatform().daemon().name("inference sequences").unstarted(this::watch);
    private volatile boolean closed;

    /** @param clock as {@link System#nanoTime} */
    Sequences(Models models, LongSupplier clock) {
        this.models = models;
        this.clock = clock;
    }

    void start() {
        sweeper.start();
    }

    /**
     * Does something when it is the request's turn in its sequence.
     *
     * @throws InvalidRequestException if there is no such sequence and the request does not begin one
     */
    InferenceResult inTurn(
            InferenceRequest request, Sequence named, Limit limit, Function<Turn, InferenceResult> work) {
        Key key = new Key(request.model(), named.id());
        boolean begins = named.start();
        LiveSequence sequence = entered(key, request, begins, limit);
        boolean answered = false;
        try {
            InferenceResult result = work.apply(new Turn(sequence, models));
            answered = true;
            return result;
        } finally {
            // One that fails in its first request has no state yet; one that fails later may be asked again.
            if (answered ? named.end() : begins) {
                sequence.end();
                live.remove(key, sequence);
            }
            sequence.leave(clock.getAsLong());
        }
    }

    private LiveSequence entered(Key key, InferenceRequest request, boolean begins, Limit limit) {
        while (true) {
            LiveSequence known = live.get(key);
            if (known == null && !begins) {
                throw new InvalidRequestException(
                        ("there is no sequence %s of %s: it has ended, was idle for too long, or never began;"
                                        + " its first request needs sequence_start")
                                .formatted(key.id(), key.model()),
                        ErrorDetails.NONE.withParameter("sequence_id"));
            }
            if (known == null) {
                LiveSequence fresh = begun(key, request, limit);
                if (live.putIfAbsent(key, fresh) == null) {
                    LockSupport.unpark(sweeper);
                    return fresh;
                }
                fresh.end();
                fresh.leaveUnused();
            } else if (known.enter(limit)) {
                refresh(known, request, begins, limit);
                return known;
            }
        }
    }

    private void refresh(LiveSequence sequence, InferenceRequest request, boolean begins, Limit limit) {
        try {
            if (begins) {
                sequence.restart(models.acquire(request.model(), request.version(), limit));
            } else if (sequence.lease().leaving()) {
                sequence.move(models, limit);
            }
        } catch (RuntimeException e) {
            sequence.leaveUnused();
            throw e;
        }
    }

    /** A sequence whose turn this request has from the beginning. */
    private LiveSequence begun(Key key, InferenceRequest request, Limit limit) {
        ModelLease lease = models.acquire(request.model(), request.version(), limit);
        int most = lease.config().sequences().max();
        // Not under a lock, so a few more may begin at the same moment.
        long count = live.keySet().stream()
                .filter(k -> k.model().equals(key.model()))
                .count();
        if (count >= most) {
            lease.close();
            throw new ResourceExhaustedException(
                    "%d sequences of %s are under way, which is the most; end some".formatted(count, key.model()),
                    ErrorDetails.NONE.withRetryAfter(Duration.ofSeconds(1)));
        }
        return LiveSequence.entered(key.model(), key.id(), lease, clock.getAsLong());
    }

    int count() {
        return live.size();
    }

    int waiting(String model, String id) {
        LiveSequence sequence = live.get(new Key(model, id));
        return sequence == null ? 0 : sequence.waiting();
    }

    private void watch() {
        while (!closed) {
            if (live.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, SWEEP);
                sweep();
            }
        }
    }

    /** Ends what was idle for too long, and lets go of models that leave. */
    void sweep() {
        Set<String> serving = new HashSet<>();
        for (ModelStatus status : models.ready()) {
            serving.add(status.name());
        }
        live.forEach((key, sequence) -> {
            if (sequence.enterIfIdle()) {
                try {
                    if (over(sequence, serving.contains(key.model()))) {
                        sequence.end();
                        live.remove(key, sequence);
                    }
                } finally {
                    sequence.leaveUnused();
                }
            }
        });
    }

    private boolean over(LiveSequence sequence, boolean serving) {
        long now = clock.getAsLong();
        Sequencing settings = sequence.lease().config().sequences();
        if (sequence.ended() || now - sequence.usedAt() >= settings.idle().toNanos()) {
            return true;
        }
        if (!sequence.lease().leaving() || (serving && sequence.move(models, Limit.NONE)) || serving) {
            sequence.stays();
            return false;
        }
        return now - sequence.leavingSince(now) >= settings.drain().toNanos();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(sweeper);
        live.forEach((key, sequence) -> {
            if (sequence.enter(Limit.NONE)) {
                sequence.end();
                sequence.leaveUnused();
            }
        });
        live.clear();
    }
}
