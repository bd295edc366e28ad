package forge.ai.runtime.inference;

import forge.ai.api.ForgeException;
import forge.ai.api.inference.CachePolicy;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.ShadowReport;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.Shadow;
import forge.ai.api.model.VersionSelector;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has shadow versions compute requests that were answered, one after the other while nobody waits for the engine, and
 * compares. The answers have left by then, so a shadow can neither delay nor fail them.
 */
final class Shadows implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Shadows.class);

    /** More that are to be compared are left out: each holds its tensors. */
    private static final int MOST = 32;

    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** How long a comparison waits for a moment in which nobody does, and how often it looks. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    private static final long GLANCE_MILLIS = 1;

    private final Computer compute;
    private final BooleanSupplier busy;
    private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(MOST);
    private final Map<Key, ShadowTally> tallies = new ConcurrentHashMap<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("inference shadows").unstarted(this::work);

    /** Computes a request, and has no shadow of it computed. */
    interface Computer {
        InferenceResult compute(InferenceRequest request);
    }

    private record Job(InferenceRequest request, InferenceResult answer, Shadow shadow) {}

    private record Key(String model, long version) {}

    /** @param busy whether requests wait for a computation */
    Shadows(Computer compute, BooleanSupplier busy) {
        this.compute = compute;
        this.busy = busy;
    }

    void start() {
        thread.start();
    }

    /** Takes note of an answer that may be compared. */
    void answered(InferenceRequest request, InferenceResult answer, Shadow shadow) {
        if (ThreadLocalRandom.current().nextDouble(100) < shadow.percent()) {
            Job job = new Job(request, answer, shadow);
            if (!jobs.offer(job)) {
                skip(job);
            }
        }
    }

    private void work() {
        try {
            while (true) {
                Job job = jobs.take();
                if (free()) {
                    compare(job);
                } else {
                    skip(job);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("No more shadows are computed");
        }
    }

    private boolean free() throws InterruptedException {
        long until = System.nanoTime() + PATIENCE;
        while (busy.getAsBoolean()) {
            if (System.nanoTime() > until) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
        }
        return true;
    }

    private void compare(Job job) throws InterruptedException {
        try {
            InferenceResult other = compute.compute(job.request()
                    .withVersion(VersionSelector.parse(job.shadow().version()))
                    .withPriority(Integer.MIN_VALUE)
                    .withTimeout(LONGEST)
                    .withCache(CachePolicy.BYPASS));
            if (other.version() != job.answer().version()) {
                Difference difference = Difference.between(job.answer().outputs(), other.outputs());
                boolean equal = difference.size() <= job.shadow().tolerance();
                count(
                        job,
                        other.version(),
                        tally -> tally.compared(difference, equal, job.answer().computed(), other.computed()));
            }
        } catch (ForgeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            LOG.debug("The shadow of {} failed: {}", job.request().model(), e.toString());
            count(job, number(job), ShadowTally::withFailure);
        } catch (RuntimeException e) {
            LOG.warn("The shadow of {} failed", job.request().model(), e);
            count(job, number(job), ShadowTally::withFailure);
        }
    }

    private void skip(Job job) {
        count(job, number(job), ShadowTally::withSkipped);
    }

    private void count(Job job, long version, UnaryOperator<ShadowTally> counting) {
        tallies.compute(
                new Key(job.request().model(), version),
                (key, tally) -> counting.apply(tally == null ? ShadowTally.NONE : tally));
    }

    /** The shadow's version as far as its name tells; 0 for one named by a label that did not compute yet. */
    private long number(Job job) {
        return VersionSelector.parse(job.shadow().version()) instanceof VersionSelector.Number(long number)
                ? number
                : tallies.keySet().stream()
                        .filter(key -> key.model().equals(job.request().model()))
                        .mapToLong(Key::version)
                        .max()
                        .orElse(0);
    }

    /** What was learned of a version ends with it. */
    void forget(ModelStatus status) {
        tallies.remove(new Key(status.name(), status.version()));
    }

    List<ShadowReport> reports() {
        return tallies.entrySet().stream()
                .map(e -> e.getValue().report(e.getKey().model(), e.getKey().version()))
                .sorted(Comparator.comparing(ShadowReport::model).thenComparing(ShadowReport::version))
                .toList();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LONGEST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
