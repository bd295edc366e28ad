package forge.ai.runtime.inference;

import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.model.Batching;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelSignature;
import forge.ai.runtime.support.model.RequestCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of the requests to one version of a model.
 *
 * <p>A short computation is made at once in the caller's thread. Others, and those that come while computations run,
 * go through a queue and are computed by workers: as soon as one is free the most urgent request is taken, with those
 * that may share its batch. Where batching pays, they collect while a computation runs, at most for the set delay.
 */
final class Lane {

    private final String name;
    private final Supplier<Settings> settings;
    private final Executor workers;
    private final Watchdog watchdog;
    private final Costs costs = new Costs();
    private final Slots slots = new Slots();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Call> queue = new ArrayList<>();
    private volatile @Nullable Checked checked;

    /** A signature with the check made from it. */
    private record Checked(ModelSignature signature, RequestCheck check) {}

    Lane(String name, Supplier<Settings> settings, Executor workers, Watchdog watchdog) {
        this.name = name;
        this.settings = settings;
        this.workers = workers;
        this.watchdog = watchdog;
    }

    /** Computes a request with the model that is held; the hold is given back in any case. */
    InferenceResult infer(InferenceRequest request, ModelLease lease, Limit limit) {
        boolean handedOver = false;
        try {
            ModelSignature signature = lease.model().signature();
            check(signature).accept(request.inputs(), request.outputs());
            limit.check(request.model());
            Batching batching = lease.config().batching();
            Call call = new Call(request, lease, limit, sharedRows(request, signature, batching));
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

    /** The rows that a request adds to a batch; 0 if it is to be computed alone. */
    private static int sharedRows(InferenceRequest request, ModelSignature signature, Batching batching) {
        if (!batching.enabled() || !signature.batched() || request.inputs().isEmpty()) {
            return 0;
        }
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

    private int parallel() {
        return settings.get().parallel();
    }

    private boolean batches(Call call) {
        return call.rows() > 0 && costs.batchingPays();
    }

    private InferenceResult direct(Call call, boolean counted) {
        try {
            return watchdog.run(name, call, costs);
        } finally {
            if (counted && !slots.leave()) {
                // Others wait: the slot goes on to them.
                Batch next = next();
                if (next != null) {
                    workers.execute(() -> work(next));
                }
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
        lock.lock();
        try {
            int most = settings.get().queue();
            if (queue.size() >= most) {
                call.lease().close();
                throw new ResourceExhaustedException(
                        "%d requests of %s wait already, which is the most; try again later".formatted(most, name));
            }
            int place = queue.size();
            while (place > 0 && queue.get(place - 1).turn() > call.turn()) {
                place--;
            }
            queue.add(place, call);
            slots.waiting(1);
            // A computation that runs is a reason to wait for others, but not for long.
            boolean collects =
                    batches(call) && queue.stream().mapToInt(Call::rows).sum() < batching.maxSize();
            // Still under the lock: a thread that waited for it could be late, and nobody else would do this.
            start(collects ? 1 : parallel());
            return collects;
        } finally {
            lock.unlock();
        }
    }

    /** Has workers compute what waits as long as fewer than {@code most} do. */
    private void start(int most) {
        while (slots.enterForWaiting(most)) {
            Batch batch = next();
            if (batch != null) {
                workers.execute(() -> work(batch));
            }
        }
    }

    private void work(Batch first) {
        for (Batch batch = first; batch != null; batch = slots.leave() ? null : next()) {
            long started = System.nanoTime();
            if (batch.compute()) {
                costs.note(batch.rows(), System.nanoTime() - started);
            }
        }
    }

    /** The next batch for a slot that is held; null if nothing waits any more, and then the slot is given back. */
    private @Nullable Batch next() {
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (slots.leave()) {
                    return null;
                }
            }
            List<Call> calls = take(queue.getFirst());
            Batch batch = new Batch(name, calls);
            calls.forEach(call -> call.batch(batch));
            slots.waiting(-calls.size());
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private List<Call> take(Call first) {
        Batching batching = first.lease().config().batching();
        int room = batches(first) ? batching.maxSize() - first.rows() : 0;
        costs.trial();
        List<Call> taken = new ArrayList<>();
        taken.add(queue.removeFirst());
        for (int i = 0; i < queue.size() && room > 0; ) {
            Call call = queue.get(i);
            if (call.rows() <= room && first.sharesWith(call)) {
                room -= call.rows();
                taken.add(queue.remove(i));
            } else {
                i++;
            }
        }
        return taken;
    }

    private void giveUp(Call call) {
        call.giveUp();
        Batch batch;
        lock.lock();
        try {
            batch = call.batch();
            if (batch == null) {
                queue.remove(call);
                slots.waiting(-1);
            }
        } finally {
            lock.unlock();
        }
        if (batch == null) {
            call.lease().close();
        } else {
            batch.abandon();
        }
    }
}
