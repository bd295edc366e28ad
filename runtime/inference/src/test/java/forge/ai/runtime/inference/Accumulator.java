package forge.ai.runtime.inference;

import forge.ai.api.Cancellation;
import forge.ai.api.InternalException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Adds {@code x} to the state {@code before}, and says the sum as {@code y} and as the state {@code after}. */
final class Accumulator implements LoadedModel {

    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("x", DataType.FP32, -1, 1), new TensorSpec("before", DataType.FP32, -1, 1)),
            List.of(new TensorSpec("y", DataType.FP32, -1, 1), new TensorSpec("after", DataType.FP32, -1, 1)),
            true,
            Map.of());

    final AtomicInteger inside = new AtomicInteger();
    volatile boolean held;
    volatile boolean closed;

    @Override
    public ModelSignature signature() {
        return SIGNATURE;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
        inside.incrementAndGet();
        try {
            while (held) {
                cancellation.check();
                Thread.onSpinWait();
            }
            if (closed) {
                throw new UnavailableException("closed");
            }
            float[] sums = inputs.get("x").toFloats();
            float[] before = inputs.get("before").toFloats();
            for (int row = 0; row < sums.length; row++) {
                sums[row] += before[row];
                if (Float.isNaN(sums[row])) {
                    throw new InternalException("not a number");
                }
            }
            Map<String, Tensor> all = new LinkedHashMap<>();
            long[] shape = inputs.get("x").shape();
            all.put("y", Tensor.ofFloats(shape, sums));
            all.put("after", Tensor.ofFloats(shape, sums));
            if (!outputs.isEmpty()) {
                all.keySet().retainAll(outputs);
            }
            return all;
        } finally {
            inside.decrementAndGet();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
