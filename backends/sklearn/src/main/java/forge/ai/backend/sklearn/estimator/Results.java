package forge.ai.backend.sklearn.estimator;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors of what was computed, on the heap: for a few numbers, memory outside of it costs more than the computation. */
final class Results {

    private Results() {}

    static Tensor doubles(long[] shape, double... values) {
        ByteBuffer buffer = allocate(values.length);
        for (double value : values) {
            buffer.putDouble(value);
        }
        return Tensor.of(DataType.FP64, shape, buffer.flip());
    }

    static Tensor longs(long[] shape, long... values) {
        ByteBuffer buffer = allocate(values.length);
        for (long value : values) {
            buffer.putLong(value);
        }
        return Tensor.of(DataType.INT64, shape, buffer.flip());
    }

    private static ByteBuffer allocate(int elements) {
        return ByteBuffer.allocate(Math.multiplyExact(elements, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
