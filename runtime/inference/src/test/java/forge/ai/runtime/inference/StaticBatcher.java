package forge.ai.runtime.inference;

import forge.ai.api.Cancellation;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.model.RequestCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Batching as servers commonly have it, to compare with: a queue and a thread for each core, which takes what waits
 * once there are {@code size} rows or the first one has waited for {@code delay}, whether anything is computed or not.
 */
final class StaticBatcher implements AutoCloseable {

    private record Waiting(Map<String, Tensor> inputs, long came, CompletableFuture<Map<String, Tensor>> answer) {}

    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final List<Thread> workers = new ArrayList<>();
    private final ModelRegistry registry;
    private final LoadedModel model;
    private final RequestCheck check;
    private final int size;
    private final long delay;

    StaticBatcher(ModelRegistry registry, LoadedModel model, int size, long delayMicros) {
        this.registry = registry;
        this.model = model;
        this.check = new RequestCheck(model.signature());
        this.size = size;
        this.delay = TimeUnit.MICROSECONDS.toNanos(delayMicros);
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            workers.add(Thread.ofPlatform().daemon().start(this::work));
        }
    }

    /** One row; takes hold of the model and checks the request as the engine has to. */
    Map<String, Tensor> infer(InferenceRequest request) {
        try (ModelLease lease = registry.acquire(request.model(), request.version())) {
            check.accept(request.inputs(), request.outputs());
            Waiting waiting = new Waiting(request.inputs(), System.nanoTime(), new CompletableFuture<>());
            queue.add(waiting);
            return waiting.answer().join();
        }
    }

    private void work() {
        try {
            while (true) {
                compute(gather());
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private List<Waiting> gather() throws InterruptedException {
        List<Waiting> batch = new ArrayList<>(size);
        batch.add(queue.take());
        queue.drainTo(batch, size - 1);
        long until = batch.getFirst().came() + delay;
        for (long left = until - System.nanoTime(); batch.size() < size && left > 0; left = until - System.nanoTime()) {
            Waiting next = queue.poll(left, TimeUnit.NANOSECONDS);
            if (next != null) {
                batch.add(next);
                queue.drainTo(batch, size - batch.size());
            }
        }
        return batch;
    }

    private void compute(List<Waiting> batch) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (String name : batch.getFirst().inputs().keySet()) {
            inputs.put(
                    name,
                    Tensor.concatenate(
                            batch.stream().map(w -> w.inputs().get(name)).toList()));
        }
        Map<String, Tensor> outputs = model.run(inputs, Set.of(), new Cancellation());
        for (int i = 0; i < batch.size(); i++) {
            int row = i;
            Map<String, Tensor> part = new LinkedHashMap<>();
            outputs.forEach((name, tensor) -> part.put(name, tensor.rows(row, row + 1)));
            batch.get(i).answer().complete(part);
        }
    }

    @Override
    public void close() throws InterruptedException {
        workers.forEach(Thread::interrupt);
        for (Thread worker : workers) {
            worker.join();
        }
    }
}
