package forge.ai.runtime.inference;

import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.Sequencing;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has models that are held compute: by the result cache or by their lane, and again by another if one is just closed. */
final class ModelCalls {

    /** How long a request that met a model just being closed looks for its successor, and how often. */
    private static final long BRIDGE = Duration.ofSeconds(2).toNanos();

    private static final long GLANCE = Duration.ofMillis(1).toNanos();

    private final Models models;
    private final Lanes lanes;
    private final ResultCaches caches;
    private final Supplier<Settings> settings;

    ModelCalls(Models models, Lanes lanes, ResultCaches caches, Supplier<Settings> settings) {
        this.models = models;
        this.lanes = lanes;
        this.caches = caches;
        this.settings = settings;
    }

    /**
     * Computes a request with the model alone; the hold is given back in any case.
     *
     * @param turn of the sequence that the request belongs to; null if it belongs to none
     */
    InferenceResult infer(InferenceRequest request, ModelLease held, Limit limit, @Nullable Turn turn) {
        ModelLease lease = held;
        long failing = 0;
        while (true) {
            Lane lane = lanes.of(lease.status());
            try {
                return turn == null
                        ? single(request, lease, lane, limit)
                        : inSequence(request, lease, lane, limit, turn);
            } catch (UnavailableException e) {
                // A backend that leaves in a hurry closes models that are held; the registry has others soon.
                long now = System.nanoTime();
                failing = failing == 0 ? now : failing;
                if (limit.over() || now - failing > BRIDGE) {
                    lane.counters().failed(now - limit.began());
                    limit.check(request.model());
                    throw e;
                }
                LockSupport.parkNanos(GLANCE);
            } catch (ForgeException e) {
                lane.counters().failed(System.nanoTime() - limit.began());
                throw e;
            }
            lease = turn == null ? successor(request, lease, limit) : turn.successor(limit);
        }
    }

    private ModelLease successor(InferenceRequest request, ModelLease before, Limit limit) {
        ModelLease next = models.acquire(request.model(), request.version(), limit);
        if (!next.config().pipeline().equals(before.config().pipeline())) {
            next.close();
            throw new UnavailableException("the pipeline of " + request.model() + " was changed meanwhile; try again");
        }
        return next;
    }

    private InferenceResult single(InferenceRequest request, ModelLease lease, Lane lane, Limit limit) {
        boolean handedOver = false;
        try {
            if (!lease.config().sequences().state().isEmpty()) {
                throw new InvalidRequestException("the model " + request.model()
                        + " keeps a state: a request needs the id of a sequence (sequence_id)");
            }
            ResultCache cache = caches.of(lease);
            if (cache == null) {
                handedOver = true;
                return lane.infer(request, lease, limit);
            }
            return cache.infer(
                    request,
                    lease.status(),
                    limit,
                    settings.get().queue(),
                    lane.counters(),
                    () -> lane.infer(request, lease, limit));
        } finally {
            if (!handedOver) {
                // A second time where the lane has had it, which does nothing.
                lease.close();
            }
        }
    }

    private static InferenceResult inSequence(
            InferenceRequest request, ModelLease lease, Lane lane, Limit limit, Turn turn) {
        Sequencing settings = lease.config().sequences();
        if (settings.state().isEmpty()) {
            return lane.infer(request, lease, limit);
        }
        StateTensors state =
                new StateTensors(request.model(), settings, lease.model().signature());
        boolean handedOver = false;
        try {
            Map<String, Tensor> before = turn.state(state::initial);
            InferenceRequest whole = state.added(request, before);
            handedOver = true;
            InferenceResult result = lane.infer(whole, lease, limit);
            turn.state(state.next(result));
            return state.removed(result);
        } finally {
            if (!handedOver) {
                lease.close();
            }
        }
    }
}
