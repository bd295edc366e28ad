package forge.ai.runtime.inference;

import forge.ai.api.Cancellation;
import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls that are computed together: their rows one after the other, and the rows of the answer dealt out again. */
final class Batch {

    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

    private final String name;
    private final List<Call> calls;
    private final Time time;
    private final Counters counters;
    private final int rows;
    private final Cancellation cancellation = new Cancellation();

    Batch(String name, List<Call> calls, Time time, Counters counters) {
        this.name = name;
        this.time = time;
        this.counters = counters;
        this.calls = List.copyOf(calls);
        this.rows = calls.stream().mapToInt(Call::rows).sum();
        this.calls.forEach(call -> call.batch(this));
        endIfAbandoned();
    }

    int rows() {
        return rows;
    }

    /** How long others may wait while it is computed, in nanoseconds. */
    long maxDelay() {
        return calls.getFirst().lease().config().batching().maxDelay().toNanos();
    }

    /** Whether nobody waits for it any more. */
    boolean abandoned() {
        return cancellation.cancelled();
    }

    /** Ends the computation if none of the callers waits for it any more. */
    void endIfAbandoned() {
        for (Call call : calls) {
            if (!call.givenUp()) {
                return;
            }
        }
        cancellation.cancel();
    }

    /** Computes and answers all calls; true if it was done in one go. */
    boolean compute() {
        try {
            boolean together = calls.size() > 1 && tryTogether();
            if (!together) {
                calls.forEach(this::single);
            }
            return together || calls.size() == 1;
        } catch (RuntimeException | Error e) {
            LOG.error("A computation of {} ended without an answer", name, e);
            return false;
        } finally {
            fail(new InternalException("the computation of " + name + " ended without an answer"));
        }
    }

    /** Ends the calls that have no answer yet. */
    void fail(ForgeException error) {
        for (Call call : calls) {
            call.lease().close();
            if (!call.done()) {
                call.fail(error);
            }
        }
    }

    /** False if it failed: then one of the calls may be to blame, and each is to be computed by itself. */
    private boolean tryTogether() {
        try {
            together();
            return true;
        } catch (ForgeException | OutOfMemoryError e) {
            LOG.debug("{} requests to {} are computed one by one: {}", calls.size(), name, e.toString());
            return false;
        }
    }

    private void together() {
        Call first = calls.getFirst();
        long began = time.now();
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (String input : first.inputs().keySet()) {
            inputs.put(
                    input,
                    Tensor.concatenate(
                            calls.stream().map(c -> c.inputs().get(input)).toList()));
        }
        long started = time.now();
        Map<String, Tensor> outputs = Computation.run(name, first.model(), inputs, first.outputs(), cancellation);
        long stopped = time.now();
        outputs.forEach(this::checkRows);
        List<Map<String, Tensor>> parts = new ArrayList<>(calls.size());
        int from = 0;
        for (Call call : calls) {
            parts.add(rows(outputs, from, from + call.rows()));
            from += call.rows();
        }
        Times times = new Times(began, started, stopped, time.now());
        counters.computed(rows, times);
        Tracing.computed(calls, times);
        for (int i = 0; i < parts.size(); i++) {
            answer(calls.get(i), parts.get(i), times);
        }
    }

    private void answer(Call call, Map<String, Tensor> outputs, Times times) {
        if (!call.givenUp()) {
            counters.answered(call, times);
        }
        call.succeed(call.result(outputs, times, rows));
    }

    private void checkRows(String output, Tensor tensor) {
        if (tensor.rank() == 0 || tensor.dimension(0) != rows) {
            throw new InternalException("%s made %s %s of %d rows, although its signature says that it may be batched"
                    .formatted(name, output, tensor, rows));
        }
    }

    private static Map<String, Tensor> rows(Map<String, Tensor> all, int from, int to) {
        Map<String, Tensor> part = LinkedHashMap.newLinkedHashMap(all.size());
        all.forEach((output, tensor) -> part.put(output, tensor.rows(from, to)));
        return part;
    }

    private void single(Call call) {
        if (call.givenUp()) {
            return;
        }
        try {
            long started = time.now();
            Map<String, Tensor> outputs =
                    Computation.run(name, call.model(), call.inputs(), call.outputs(), cancellation);
            Times times = Times.alone(started, time.now());
            counters.computed(call.rows(), times);
            counters.answered(call, times);
            Tracing.computed(call, times);
            call.succeed(call.result(outputs, times, call.rows()));
        } catch (ForgeException e) {
            call.fail(e);
        }
    }
}
