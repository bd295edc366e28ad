package forge.ai.runtime.inference;

import forge.ai.api.Cancellation;
import forge.ai.api.InternalException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Computes from each row of {@code x} and the text beside it a sum and a word, whatever the other rows are; a call
 * takes a while however many rows it has, and one with a NaN fails as a whole. The test may hold calls up.
 */
final class RowModel implements LoadedModel {

    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("x", DataType.FP32, -1, -1), new TensorSpec("word", DataType.BYTES, -1)),
            List.of(new TensorSpec("sum", DataType.FP32, -1, 2), new TensorSpec("said", DataType.BYTES, -1)),
            true,
            Map.of());

    final List<Integer> batches = new CopyOnWriteArrayList<>();
    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    final Semaphore permits = new Semaphore(0);
    volatile boolean held;
    volatile boolean closed;
    private final long takes;

    RowModel(long takes) {
        this.takes = takes;
    }

    static Map<String, Tensor> row(float value, String word) {
        return Map.of(
                "x",
                Tensor.ofFloats(new long[] {1, 1}, value),
                "word",
                Tensor.ofStrings(new long[] {1}, List.of(word)));
    }

    @Override
    public ModelSignature signature() {
        return SIGNATURE;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
        inside.incrementAndGet();
        try {
            batches.add((int) inputs.get("word").dimension(0));
            while (held && !permits.tryAcquire()) {
                if (cancellation.cancelled()) {
                    cancelled.incrementAndGet();
                }
                cancellation.check();
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
            }
            LockSupport.parkNanos(takes);
            if (closed) {
                throw new forge.ai.api.UnavailableException("closed");
            }
            Map<String, Tensor> computed = compute(inputs);
            if (!outputs.isEmpty()) {
                computed.keySet().retainAll(outputs);
            }
            return computed;
        } finally {
            inside.decrementAndGet();
        }
    }

    static Map<String, Tensor> compute(Map<String, Tensor> inputs) {
        float[] values = inputs.get("x").toFloats();
        List<String> words = inputs.get("word").toStrings();
        int rows = words.size();
        int columns = rows == 0 ? 0 : values.length / rows;
        float[] sums = new float[2 * rows];
        List<String> said = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            float sum = 0.1f;
            for (int column = 0; column < columns; column++) {
                sum = sum * 1.7f + values[row * columns + column];
            }
            if (Float.isNaN(sum)) {
                throw new InternalException("row " + row + " is not a number");
            }
            sums[2 * row] = sum;
            sums[2 * row + 1] = (float) Math.sin(sum);
            said.add(words.get(row) + "/" + sum);
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("sum", Tensor.ofFloats(new long[] {rows, 2}, sums));
        outputs.put("said", Tensor.ofStrings(new long[] {rows}, said));
        return outputs;
    }

    @Override
    public void close() {
        closed = true;
    }
}
