package forge.ai.runtime.inference;

import forge.ai.api.ErrorDetails;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceStatistics.Load;
import forge.ai.api.model.Batching;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.model.RequestCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of the requests to one version of a model.
 *
 * <p>A short computation is made at once in the caller's thread. Others, and those that come while computations run,
 * go through a queue and are computed by workers: as soon as one is free the most urgent request is taken, with those
 * that may share its batch. Where batching pays, they collect while a computation runs, at most for the set delay.
 */
final class Lane {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** When to try again if the queue is full: no smaller number can be said over HTTP. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final String name;
    private final Supplier<Settings> settings;
    private final Workers workers;
    private final Watchdog watchdog;
    private final Costs costs = new Costs();
    private final Counters counters = new Counters();
    private final Slots slots = new Slots();
    private final Waiting queue = new Waiting();
    private volatile @Nullable Checked checked;

    /** A signature with the check made from it. */
    private record Checked(ModelSignature signature, RequestCheck check) {}

    Lane(String name, Supplier<Settings> settings, Workers workers, Watchdog watchdog) {
        this.name = name;
        this.settings = settings;
        this.workers = workers;
        this.watchdog = watchdog;
    }

    /** Computes a request with the model that is held; the hold is given back in any case. */
    InferenceResult infer(InferenceRequest asked, ModelLease lease, Limit limit) {
        boolean handedOver = false;
        try {
            InferenceRequest request = adapted(asked, lease.model());
            ModelSignature signature = lease.model().signature();
            check(signature).accept(request.inputs(), request.outputs());
            limit.check(request.model());
            Batching batching = lease.config().batching();
            boolean rows = signature.batched() && !request.inputs().isEmpty();
            int count = rows ? rows(request) : 1;
            Call call = new Call(request, lease, limit, count, rows && count > 0 && batching.enabled());
            costs.checkTime(name, call.rows(), limit);
            if (costs.brief(call.rows())) {
                boolean counted = slots.enter(parallel());
                if (counted || !batches(call)) {
                    return direct(call, counted);
                }
            }
            handedOver = true;
            return queued(call, batching);
        } finally {
            if (!handedOver) {
                lease.close();
            }
        }
    }

    private static InferenceRequest adapted(InferenceRequest request, LoadedModel model) {
        Map<String, Tensor> inputs = model.adapt(request.inputs());
        return inputs == request.inputs() ? request : request.withInputs(inputs);
    }

    private static int rows(InferenceRequest request) {
        return (int) request.inputs().values().iterator().next().dimension(0);
    }

    private RequestCheck check(ModelSignature signature) {
        Checked known = checked;
        if (known == null || known.signature() != signature) {
            known = new Checked(signature, new RequestCheck(signature));
            checked = known;
        }
        return known.check();
    }

    int waiting() {
        return slots.waiting();
    }

    Counters counters() {
        return counters;
    }

    Load load() {
        return new Load(slots.waiting(), settings.get().queue(), slots.running(), parallel());
    }

    private int parallel() {
        return settings.get().parallel();
    }

    private boolean batches(Call call) {
        return call.shares() && costs.batchingPays();
    }

    private InferenceResult direct(Call call, boolean counted) {
        try {
            return watchdog.run(name, call, costs, counters);
        } finally {
            if (counted && !slots.leave()) {
                // Others wait: the slot goes on to them.
                hand();
            }
        }
    }

    private InferenceResult queued(Call call, Batching batching) {
        boolean collects = enqueue(call, batching);
        if (collects && !call.await(batching.maxDelay().toNanos())) {
            start(parallel());
        }
        if (!call.await(Long.MAX_VALUE)) {
            giveUp(call);
            throw call.limit().end(name);
        }
        return call.answer();
    }

    /** Puts a call into the queue; true if it may wait there for others although a worker could be had. */
    private boolean enqueue(Call call, Batching batching) {
        int most = settings.get().queue();
        if (!slots.offer(most)) {
            call.lease().close();
            throw new ResourceExhaustedException(
                    "%d requests of %s wait already, which is the most; try again later".formatted(most, name),
                    ErrorDetails.NONE.withRetryAfter(SOON));
        }
        queue.add(call);
        // A computation that runs is a reason to wait for others, but not for long.
        boolean collects = batches(call) && queue.rows() < batching.maxSize();
        start(collects ? 1 : parallel());
        return collects;
    }

    /** Has one more worker compute what waits, if fewer than {@code most} do. */
    private void start(int most) {
        if (slots.enterForWaiting(most)) {
            hand();
        }
    }

    /** Passes a slot that is held to a worker. */
    private void hand() {
        try {
            workers.execute(() -> each(this::compute));
        } catch (RejectedExecutionException e) {
            LOG.error("No thread for the computations of {}", name, e);
            each(batch -> batch.fail(new UnavailableException("there is no thread to compute " + name)));
        }
    }

    private void compute(Batch batch) {
        long started = System.nanoTime();
        if (batch.compute()) {
            costs.note(batch.rows(), System.nanoTime() - started);
        }
    }

    /** Does something with each batch that can be had, in a slot that is held; then frees it. */
    private void each(Consumer<Batch> action) {
        do {
            List<Call> calls = queue.take(this::batches);
            if (calls.isEmpty()) {
                // Somebody is just about to put a call in.
                Thread.yield();
            } else {
                slots.taken(calls.size());
                List<Call> timely = inTime(calls);
                if (!timely.isEmpty()) {
                    action.accept(new Batch(name, timely, counters));
                }
            }
        } while (!slots.leave());
    }

    /** Without those that came too late to their turn: they are not computed any more. */
    private List<Call> inTime(List<Call> calls) {
        costs.trial();
        for (Call call : calls) {
            if (call.limit().over()) {
                call.lease().close();
                call.fail(call.limit().end(name));
            }
        }
        return calls.stream().filter(call -> !call.done()).toList();
    }

    private void giveUp(Call call) {
        if (queue.takeBack(call)) {
            slots.taken(1);
            call.lease().close();
        } else {
            call.giveUp();
        }
    }
}
