package forge.ai.runtime.inference;

import forge.ai.api.ForgeException;
import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.model.Instances;
import forge.ai.api.model.ModelStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the load of each version that may have several instances once a second, and asks the registry for more or less. */
final class Scaler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scaler.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Models models;
    private final Function<ModelStatus, InferenceStatistics> statistics;
    private final Supplier<Settings> settings;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("inference scaler").unstarted(this::watch);
    private Map<Key, Seen> seen = Map.of();

    private record Key(String model, long version) {}

    /** What was counted up to the last look. */
    private record Seen(ScalePolicy policy, InferenceStatistics statistics, long at) {}

    Scaler(Models models, Function<ModelStatus, InferenceStatistics> statistics, Supplier<Settings> settings) {
        this.models = models;
        this.statistics = statistics;
        this.settings = settings;
    }

    void start() {
        thread.start();
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                look();
            }
        } catch (InterruptedException e) {
            LOG.debug("Instances are not scaled any more");
        }
    }

    private void look() {
        Map<Key, Seen> now = new HashMap<>();
        for (ModelStatus status : models.ready()) {
            try {
                models.instances(status.name())
                        .filter(limits -> limits.max() > limits.min())
                        .ifPresent(limits -> now.put(
                                new Key(status.name(), status.version()), look(status, limits, System.nanoTime())));
            } catch (ForgeException e) {
                // It left meanwhile.
                LOG.debug("{} version {} is not scaled: {}", status.name(), status.version(), e.toString());
            }
        }
        seen = now;
    }

    private Seen look(ModelStatus status, Instances limits, long at) {
        InferenceStatistics current = statistics.apply(status);
        Seen before = seen.get(new Key(status.name(), status.version()));
        if (before == null || before.statistics().executions() > current.executions()) {
            return new Seen(new ScalePolicy(), current, at);
        }
        int calm = Math.max(1, (int) (settings.get().scaleDown().toNanos() / LOOK.toNanos()));
        ScalePolicy.Load load = new ScalePolicy.Load(
                status.instances(),
                busy(before.statistics(), current, at - before.at()),
                delay(before.statistics(), current),
                calm);
        int next = before.policy().next(load, limits);
        if (next != status.instances()) {
            LOG.info(
                    "{} version {} goes from {} to {} instances",
                    status.name(),
                    status.version(),
                    status.instances(),
                    next);
            models.scale(status.name(), status.version(), next);
        }
        return new Seen(before.policy(), current, at);
    }

    /** How many computations were under way on average; of long ones that have not ended, those now. */
    private static double busy(InferenceStatistics before, InferenceStatistics now, long nanos) {
        double ended = (computing(now) - computing(before)) / Math.max(1, nanos);
        return Math.max(
                ended, now.executions() == before.executions() ? now.load().running() : 0);
    }

    private static double computing(InferenceStatistics statistics) {
        return statistics.batches().stream()
                .mapToLong(batch -> batch.computeInfer().total().toNanos())
                .sum();
    }

    /** How long requests waited on average; if none came to its turn, those that wait did so all the time. */
    private static Duration delay(InferenceStatistics before, InferenceStatistics now) {
        long requests = now.queue().count() - before.queue().count();
        if (requests == 0) {
            return now.load().waiting() > 0 ? LOOK : Duration.ZERO;
        }
        return now.queue().total().minus(before.queue().total()).dividedBy(requests);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
