package forge.ai.runtime.models;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Runs a few loads at a time, each in a platform thread of its own: native code would hold up the carriers of virtual
 * threads, and a load that hangs must not hold up the next one. Guarded by the lock of the {@link Catalog}.
 */
final class Loader {

    /** Loads given up that have not come back; with more of them, nothing is loaded any more. */
    private static final int MAX_HANGING = 8;

    private final BiConsumer<LoadJob, Outcome> done;
    private final Queue<LoadJob> waiting = new ArrayDeque<>();
    private final Map<LoadJob, Run> running = new IdentityHashMap<>();
    private final Set<LoadJob> overlapping = Collections.newSetFromMap(new IdentityHashMap<>());
    private int hanging;

    private record Run(Thread thread, long since) {}

    /** @param done called in the thread of the load, without the lock */
    Loader(BiConsumer<LoadJob, Outcome> done) {
        this.done = done;
    }

    void add(LoadJob job, int parallel) {
        waiting.add(job);
        next(parallel);
    }

    /** Starts waiting loads; those that are not wanted any more are left out. */
    void next(int parallel) {
        while (running.size() < parallel && hanging < MAX_HANGING && !waiting.isEmpty()) {
            LoadJob job = waiting.remove();
            if (job.wanted()) {
                Thread thread = Thread.ofPlatform()
                        .daemon()
                        .name("load " + job.slot())
                        .unstarted(() -> done.accept(job, job.run()));
                if (!running.isEmpty()) {
                    overlapping.addAll(running.keySet());
                    overlapping.add(job);
                }
                running.put(job, new Run(thread, System.nanoTime()));
                thread.start();
            }
        }
    }

    /** Whether no other load ran beside this one, so that what it took can be told. */
    boolean alone(LoadJob job) {
        return hanging == 0 && !overlapping.contains(job);
    }

    /** To be called when a load came back; false if it had been given up. */
    boolean finished(LoadJob job) {
        overlapping.remove(job);
        if (running.remove(job) == null) {
            hanging--;
            return false;
        }
        return true;
    }

    /** Gives up the loads that have run longer than the limit and names them. */
    List<LoadJob> giveUp(Duration limit) {
        List<LoadJob> late = new ArrayList<>();
        long now = System.nanoTime();
        running.forEach((job, run) -> {
            if (now - run.since() > limit.toNanos()) {
                late.add(job);
                run.thread().interrupt();
            }
        });
        late.forEach(running::remove);
        hanging += late.size();
        return late;
    }

    /** Whether nothing is being loaded, but for loads that were given up. */
    boolean idle() {
        return running.isEmpty();
    }

    boolean loads(BoundBackend backend) {
        return running.keySet().stream().anyMatch(job -> job.target().backend() == backend);
    }

    /** About how many bytes that takes which is being or will be loaded. */
    long bytes() {
        return running.keySet().stream().mapToLong(LoadJob::bytes).sum()
                + waiting.stream()
                        .filter(LoadJob::wanted)
                        .mapToLong(LoadJob::bytes)
                        .sum();
    }
}
