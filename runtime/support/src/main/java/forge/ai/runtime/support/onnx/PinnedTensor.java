package forge.ai.runtime.support.onnx;

import forge.ai.api.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place of one input or output in native memory, call after call: one buffer that grows to what is needed, and over
 * it a value of the runtime for each shape that comes.
 *
 * @param <V> a value
 */
final class PinnedTensor<V> {

    /** More is handed over as it is, or made by the runtime: there, copying would cost more than the memory. */
    static final int MOST_BYTES = 1 << 16;

    private static final int LEAST_BYTES = 256;
    private static final int MOST_SHAPES = 32;

    private final OnnxSession<V> session;
    private final DataType type;
    private final List<Shaped<V>> known = new ArrayList<>();
    private @Nullable ByteBuffer buffer;
    private int next;

    private record Shaped<V>(long[] shape, V value) {}

    PinnedTensor(OnnxSession<V> session, DataType type) {
        this.session = session;
        this.type = type;
    }

    DataType type() {
        return type;
    }

    static boolean fits(long bytes) {
        return bytes > 0 && bytes <= MOST_BYTES;
    }

    /** The value of that shape; valid until the next call of this method with another one. */
    V value(long[] shape, int bytes) throws OnnxFailure {
        ByteBuffer memory = memory(bytes);
        for (Shaped<V> shaped : known) {
            if (Arrays.equals(shaped.shape, shape)) {
                return shaped.value;
            }
        }
        V value = session.over(type, shape, memory.slice(0, bytes).order(ByteOrder.LITTLE_ENDIAN));
        if (known.size() < MOST_SHAPES) {
            known.add(new Shaped<>(shape, value));
        } else {
            session.release(known.set(next, new Shaped<>(shape, value)).value);
            next = (next + 1) % MOST_SHAPES;
        }
        return value;
    }

    private ByteBuffer memory(int bytes) {
        ByteBuffer memory = buffer;
        if (memory == null || memory.capacity() < bytes) {
            close();
            int size = Math.max(LEAST_BYTES, Integer.highestOneBit(2 * bytes - 1));
            memory = ByteBuffer.allocateDirect(size);
            buffer = memory;
        }
        return memory;
    }

    /** Puts the numbers of an input there. */
    V put(long[] shape, ByteBuffer numbers) throws OnnxFailure {
        int bytes = numbers.remaining();
        V value = value(shape, bytes);
        memory(bytes).put(0, numbers, numbers.position(), bytes);
        return value;
    }

    /** A copy of the numbers of an output, in the Java heap. */
    ByteBuffer copy(int bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes);
        copy.put(0, memory(bytes), 0, bytes);
        return copy;
    }

    void close() {
        known.forEach(shaped -> session.release(shaped.value));
        known.clear();
        next = 0;
    }
}
