package forge.ai.runtime.inference;

import forge.ai.api.ForgeException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelLease;
import forge.ai.api.monitoring.Span;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A checked request with the hold on the model that is to compute it, and later with its answer. */
final class Call {

    /** A request is as urgent as one with a priority lower by one that has waited for so much longer. */
    private static final long AGEING = TimeUnit.MILLISECONDS.toNanos(100);

    private final InferenceRequest request;
    private final ModelLease lease;
    private final LoadedModel model;
    private final Limit limit;
    private final int rows;
    private final boolean shares;
    private final Time time;
    private final long came;
    private final Thread waiter = Thread.currentThread();
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile @Nullable Batch batch;
    private volatile boolean givenUp;
    private volatile @Nullable InferenceResult result;
    private volatile @Nullable ForgeException failure;

    /**
     * @param rows how many rows it has; 1 if the model knows none
     * @param shares whether it may be computed together with others
     */
    Call(InferenceRequest request, ModelLease lease, Limit limit, int rows, boolean shares) {
        this.request = request;
        this.lease = lease;
        this.model = lease.model();
        this.limit = limit;
        this.time = limit.time();
        this.came = time.now();
        this.rows = rows;
        this.shares = shares;
    }

    /** Of which trace it is a part. */
    Span span() {
        return request.span();
    }

    Map<String, Tensor> inputs() {
        return request.inputs();
    }

    Set<String> outputs() {
        return request.outputs();
    }

    LoadedModel model() {
        return model;
    }

    ModelLease lease() {
        return lease;
    }

    Limit limit() {
        return limit;
    }

    int rows() {
        return rows;
    }

    boolean shares() {
        return shares;
    }

    long came() {
        return came;
    }

    Thread waiter() {
        return waiter;
    }

    /** Earlier is more urgent. */
    long turn() {
        return came - Math.clamp(request.priority(), -10_000, 10_000) * AGEING;
    }

    /** Whether both may be computed in one call of the model. */
    boolean sharesWith(Call other) {
        if (!shares
                || !other.shares
                || model != other.model
                || inputs().size() != other.inputs().size()
                || !outputs().equals(other.outputs())) {
            return false;
        }
        for (Map.Entry<String, Tensor> input : inputs().entrySet()) {
            Tensor theirs = other.inputs().get(input.getKey());
            if (theirs == null || !input.getValue().rowsFit(theirs)) {
                return false;
            }
        }
        return true;
    }

    /** Takes it out of the queue: of the workers and its caller, the first one may. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    boolean claimed() {
        return claimed.get();
    }

    /** To be set before it is looked whether all callers of the batch have left. */
    void batch(Batch taken) {
        batch = taken;
    }

    /** Whether its caller has left. */
    boolean givenUp() {
        return givenUp;
    }

    /** Its caller leaves although a worker has it. */
    void giveUp() {
        givenUp = true;
        Batch mine = batch;
        if (mine != null) {
            mine.endIfAbandoned();
        }
    }

    boolean done() {
        return result != null || failure != null;
    }

    InferenceResult result(Map<String, Tensor> outputs, Times times, int inAll) {
        return new InferenceResult(
                request.model(),
                lease.status().version(),
                outputs,
                Duration.ofNanos(times.began() - came),
                Duration.ofNanos(times.infer()),
                inAll);
    }

    void succeed(InferenceResult value) {
        result = value;
        time.unpark(waiter);
    }

    void fail(ForgeException error) {
        failure = error;
        time.unpark(waiter);
    }

    /** Waits for the answer in the thread that made this; false if it is not there yet and the wait is over. */
    boolean await(long nanos) {
        long began = time.now();
        while (!done()) {
            long now = time.now();
            long left = Math.min(nanos == Long.MAX_VALUE ? nanos : nanos - (now - began), limit.left(now));
            if (left <= 0 || waiter.isInterrupted()) {
                return false;
            }
            time.park(this, left);
        }
        return true;
    }

    /** The answer, once done. */
    InferenceResult answer() {
        InferenceResult computed = result;
        if (computed != null) {
            return computed;
        }
        ForgeException error = failure;
        if (error == null) {
            throw new IllegalStateException("not computed yet");
        }
        throw error;
    }
}
