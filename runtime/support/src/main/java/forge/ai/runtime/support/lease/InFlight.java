package forge.ai.runtime.support.lease;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * What is just being done, put in before and taken out after by many threads, without any lock or monitor: a virtual
 * thread that waited for one would lose its carrier, and others that compute without a pause might not let it have one
 * again for long, while it holds what is to be closed. About 30 ns for both.
 */
public final class InFlight<T> {

    private static final int ELSEWHERE = -1;
    private static final int TRIES = 4;

    private final AtomicReferenceArray<T> places;
    private final int mask;

    /** Takes what finds no place at once. */
    private final ConcurrentLinkedQueue<T> more = new ConcurrentLinkedQueue<>();

    /** @param size a power of two */
    public InFlight(int size) {
        places = new AtomicReferenceArray<>(size);
        mask = size - 1;
    }

    /** Puts a thing in, once; returns the place where it is, for {@link #remove}. */
    public int put(T thing) {
        int place = ThreadLocalRandom.current().nextInt();
        for (int i = 0; i < TRIES; i++) {
            int there = (place + i) & mask;
            if (places.get(there) == null && places.compareAndSet(there, null, thing)) {
                return there;
            }
        }
        more.add(thing);
        return ELSEWHERE;
    }

    /** Takes a thing out of its place. */
    public void remove(int place, T thing) {
        if (place == ELSEWHERE) {
            more.remove(thing);
        } else {
            places.setRelease(place, null);
        }
    }

    /** Shows all that is there, but perhaps what is put in or taken out meanwhile; true if nothing is. */
    public boolean visit(Consumer<T> visitor) {
        boolean nothing = more.isEmpty();
        more.forEach(visitor);
        for (int i = 0; i <= mask; i++) {
            T thing = places.get(i);
            if (thing != null) {
                nothing = false;
                visitor.accept(thing);
            }
        }
        return nothing;
    }
}
