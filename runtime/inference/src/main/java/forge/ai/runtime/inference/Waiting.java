package forge.ai.runtime.inference;

import forge.ai.api.model.Batching;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The calls that wait for a computation. Callers put them in and take them back without a lock; workers sort them, the
 * most urgent first, and take them out.
 */
final class Waiting {

    private final Queue<Call> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger rows = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Call> sorted = new ArrayList<>();

    void add(Call call) {
        rows.addAndGet(call.rows());
        inbox.add(call);
    }

    /** Takes a call back; false if a worker has it already. */
    boolean takeBack(Call call) {
        if (!call.claim()) {
            return false;
        }
        rows.addAndGet(-call.rows());
        // If it is sorted in already it is left out when its turn comes.
        inbox.remove(call);
        return true;
    }

    int rows() {
        return rows.get();
    }

    /**
     * Takes out the most urgent call, with those that are computed together with it if {@code batches} says so of it;
     * empty if there is none.
     */
    List<Call> take(java.util.function.Predicate<Call> batches) {
        lock.lock();
        try {
            sort();
            List<Call> taken = new ArrayList<>();
            while (taken.isEmpty() && !sorted.isEmpty()) {
                Call first = sorted.removeFirst();
                if (claim(first)) {
                    taken.add(first);
                    if (batches.test(first)) {
                        fill(taken, first);
                    }
                }
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void sort() {
        sorted.removeIf(Call::claimed);
        for (Call call = inbox.poll(); call != null; call = inbox.poll()) {
            int place = sorted.size();
            while (place > 0 && sorted.get(place - 1).turn() > call.turn()) {
                place--;
            }
            sorted.add(place, call);
        }
    }

    private boolean claim(Call call) {
        boolean mine = call.claim();
        if (mine) {
            rows.addAndGet(-call.rows());
        }
        return mine;
    }

    private void fill(List<Call> taken, Call first) {
        List<Call> sharing = sorted.stream().filter(first::sharesWith).toList();
        int room = size(first, sharing) - first.rows();
        for (Call call : sharing) {
            if (call.rows() <= room) {
                sorted.remove(call);
                if (claim(call)) {
                    room -= call.rows();
                    taken.add(call);
                }
            }
        }
    }

    /** How many rows are computed together: as many as there are, or as the model likes best among fewer. */
    private static int size(Call first, List<Call> sharing) {
        Batching batching = first.lease().config().batching();
        int there = first.rows() + sharing.stream().mapToInt(Call::rows).sum();
        int most = Math.min(there, batching.maxSize());
        return batching.preferred().stream()
                .filter(size -> size <= most && size >= first.rows())
                .max(Integer::compare)
                .orElse(most);
    }
}
