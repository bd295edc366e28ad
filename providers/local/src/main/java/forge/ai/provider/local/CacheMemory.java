package forge.ai.provider.local;

import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside of the Java heap for keys and values, used again from step to step: it is freed only with garbage, and
 * new memory is slow at first touch. For use by one thread at a time.
 */
final class CacheMemory {

    /** So much is kept while there is nothing to generate. */
    private static final long KEPT_IDLE = 32L << 20;

    private static final int SMALLEST = 1 << 10;

    /**
     * A tensor and the memory it lies in.
     *
     * @param memory none if a backend brought its own
     */
    record Block(Tensor tensor, @Nullable ByteBuffer memory) {}

    private final LongSupplier kept;
    /** The one given back last comes first. */
    private final Deque<ByteBuffer> free = new ArrayDeque<>();

    private long freeBytes;

    /** @param kept the most bytes to keep of what is not in use */
    CacheMemory(LongSupplier kept) {
        this.kept = kept;
    }

    /** A block whose contents are left from earlier. */
    Block take(DataType type, long[] shape) {
        long bytes = type.bytes();
        for (long dimension : shape) {
            bytes *= dimension;
        }
        ByteBuffer memory = memory(bytes);
        return new Block(Tensor.of(type, shape, memory.slice(0, (int) bytes)), memory);
    }

    void giveBack(Block block) {
        ByteBuffer memory = block.memory();
        if (memory != null) {
            free.addFirst(memory);
            freeBytes += memory.capacity();
            shrinkTo(kept.getAsLong());
        }
    }

    /** Lets go of what is not in use but for a little. */
    void shrink() {
        shrinkTo(KEPT_IDLE);
    }

    private void shrinkTo(long bytes) {
        while (freeBytes > bytes) {
            freeBytes -= free.removeLast().capacity();
        }
    }

    private ByteBuffer memory(long bytes) {
        for (Iterator<ByteBuffer> candidates = free.iterator(); candidates.hasNext(); ) {
            ByteBuffer candidate = candidates.next();
            if (candidate.capacity() >= bytes && candidate.capacity() / 2 <= Math.max(bytes, SMALLEST)) {
                candidates.remove();
                freeBytes -= candidate.capacity();
                return candidate;
            }
        }
        try {
            return ByteBuffer.allocateDirect(capacity(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (OutOfMemoryError e) {
            throw new ResourceExhaustedException("there is no memory for " + bytes
                    + " bytes of keys and values; see cacheMebibytes, and -XX:MaxDirectMemorySize of the JVM");
        }
    }

    /** A quarter more than wanted, for a sequence grows. */
    private static int capacity(long bytes) {
        if (bytes > Integer.MAX_VALUE) {
            throw new ResourceExhaustedException("keys or values of one layer would have " + bytes + " bytes");
        }
        return (int) Math.min(Math.max(bytes + bytes / 4, SMALLEST), Integer.MAX_VALUE);
    }
}
