package forge.ai.runtime.support.onnx;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Things to be used by one call at a time and then by another; bounded, without a lock, about 20 ns for both ways. */
final class SlotPool<T> {

    private final AtomicReferenceArray<T> places;
    private final int mask;

    /** @param size the most that are kept, a power of two */
    SlotPool(int size) {
        places = new AtomicReferenceArray<>(size);
        mask = size - 1;
    }

    /** Takes one out; null if there is none. */
    @Nullable
    T take() {
        // From the front: few callers at a time share few things, whose memory is warm.
        for (int i = 0; i <= mask; i++) {
            if (places.get(i) != null) {
                T found = places.getAndSet(i, null);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Puts one back; false if there is no room. */
    boolean give(T thing) {
        int start = places.get(0) == null ? 0 : ThreadLocalRandom.current().nextInt();
        for (int i = 0; i <= mask; i++) {
            int place = (start + i) & mask;
            if (places.get(place) == null && places.compareAndSet(place, null, thing)) {
                return true;
            }
        }
        return false;
    }

    /** Takes all out. */
    void drain(Consumer<T> consumer) {
        for (T thing = take(); thing != null; thing = take()) {
            consumer.accept(thing);
        }
    }
}
