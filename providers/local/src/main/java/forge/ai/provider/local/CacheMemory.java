package forge.ai.provider.local;

import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside of the Java heap for keys and values, used again from step to step, for it is freed only with garbage.
 * For use by one thread at a time.
 */
final class CacheMemory {

    /** So much is kept of what is not in use. */
    private static final long KEPT = 256L << 20;

    private static final long KEPT_IDLE = 32L << 20;

    private static final int SMALLEST = 1 << 10;

    /**
     * A tensor and the memory it lies in.
     *
     * @param memory none if a backend brought its own
     */
    record Block(Tensor tensor, @Nullable ByteBuffer memory) {}

    private final TreeMap<Integer, Deque<ByteBuffer>> free = new TreeMap<>();
    private long freeBytes;

    /** A block whose contents are left from earlier. */
    Block take(DataType type, long[] shape) {
        long bytes = type.bytes();
        for (long dimension : shape) {
            bytes *= dimension;
        }
        ByteBuffer memory = memory(capacity(bytes));
        return new Block(Tensor.of(type, shape, memory.slice(0, (int) bytes)), memory);
    }

    void giveBack(Block block) {
        ByteBuffer memory = block.memory();
        if (memory != null && freeBytes + memory.capacity() <= KEPT) {
            free.computeIfAbsent(memory.capacity(), capacity -> new ArrayDeque<>())
                    .push(memory);
            freeBytes += memory.capacity();
        }
    }

    /** Lets go of what is not in use but for a little, for there is nothing to do now. */
    void shrink() {
        while (freeBytes > KEPT_IDLE) {
            Map.Entry<Integer, Deque<ByteBuffer>> largest = free.lastEntry();
            freeBytes -= largest.getKey();
            largest.getValue().pop();
            if (largest.getValue().isEmpty()) {
                free.remove(largest.getKey());
            }
        }
    }

    private ByteBuffer memory(int capacity) {
        Deque<ByteBuffer> fitting = free.get(capacity);
        if (fitting == null || fitting.isEmpty()) {
            try {
                return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
            } catch (OutOfMemoryError e) {
                throw new ResourceExhaustedException("there is no memory for " + capacity
                        + " bytes of keys and values; see cacheMebibytes, and -XX:MaxDirectMemorySize of the JVM");
            }
        }
        freeBytes -= capacity;
        ByteBuffer found = fitting.pop();
        if (fitting.isEmpty()) {
            free.remove(capacity);
        }
        return found;
    }

    /** Eight sizes for each power of two: a sequence grows by tokens, and its memory seldom. */
    private static int capacity(long bytes) {
        long step = Math.max(SMALLEST, Long.highestOneBit(Math.max(bytes, 1)) >> 3);
        long capacity = Math.max(step, (bytes + step - 1) / step * step);
        if (bytes > Integer.MAX_VALUE) {
            throw new ResourceExhaustedException("keys or values of one layer would have " + bytes + " bytes");
        }
        return (int) Math.min(capacity, Integer.MAX_VALUE);
    }
}
