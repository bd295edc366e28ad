package forge.ai.runtime.inference;

import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.inference.InferenceStatistics.Load;
import forge.ai.api.inference.InferenceStatistics.Sum;
import forge.ai.api.inference.StepTiming;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a model version has computed. Counting takes no lock and reads no clock: about 50 ns a request. */
final class Counters {

    /** Computations of so many rows are counted by their exact number. */
    private static final int EXACT = 128;

    private static final int SIZES = EXACT + Integer.SIZE;

    private final LongAdder answered = new LongAdder();
    private final LongAdder whole = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder failing = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder queued = new LongAdder();
    private final LongAdder input = new LongAdder();
    private final LongAdder infer = new LongAdder();
    private final LongAdder output = new LongAdder();
    private final LongAdder hits = new LongAdder();
    private final LongAdder hitting = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder missing = new LongAdder();
    private final Map<StepKey, StepTimes> steps = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable Size> sizes = new AtomicReferenceArray<>(SIZES);

    /** When the last computation ended, by {@link System#nanoTime}; written without order. */
    private volatile long last;

    private record StepKey(StepTiming.Part part, String name) {}

    /** How often a step of the pipeline was taken, and how long in all. */
    private record StepTimes(LongAdder count, LongAdder total) {}

    /** The computations of one number of rows. */
    private static final class Size {
        private final LongAdder count = new LongAdder();
        private final LongAdder input = new LongAdder();
        private final LongAdder infer = new LongAdder();
        private final LongAdder output = new LongAdder();

        void count(Times times) {
            count.increment();
            infer.add(times.infer());
            if (times.shared()) {
                input.add(times.input());
                output.add(times.output());
            }
        }

        InferenceStatistics.Batch snapshot(int rows) {
            long times = count.sum();
            return new InferenceStatistics.Batch(
                    rows, sum(times, input.sum()), sum(times, infer.sum()), sum(times, output.sum()));
        }
    }

    /** One computation was made. */
    void computed(int size, Times times) {
        int place = place(size);
        Size known = sizes.get(place);
        if (known == null) {
            sizes.compareAndSet(place, null, new Size());
            known = sizes.get(place);
        }
        known.count(times);
        rows.add(size);
        last = times.ended();
    }

    /** One request is about to be answered by it. */
    void answered(Call call, Times times) {
        answered.increment();
        whole.add(times.ended() - call.limit().began());
        queued.add(times.began() - call.came());
        infer.add(times.infer());
        if (times.shared()) {
            input.add(times.input());
            output.add(times.output());
        }
    }

    /** One request was answered from the result cache, after so long there and in all. */
    void hit(long there, long all) {
        answered.increment();
        whole.add(all);
        hits.increment();
        hitting.add(there);
    }

    /** One request looked there in vain. */
    void missed(long there) {
        misses.increment();
        missing.add(there);
    }

    /** One request was answered by other models. */
    void chained(long nanos) {
        answered.increment();
        whole.add(nanos);
    }

    void stepped(StepTiming step) {
        StepTimes times = steps.computeIfAbsent(
                new StepKey(step.part(), step.name()), key -> new StepTimes(new LongAdder(), new LongAdder()));
        times.count().increment();
        times.total().add(step.took().toNanos());
    }

    private List<InferenceStatistics.Step> steps() {
        return steps.entrySet().stream()
                .map(e -> new InferenceStatistics.Step(
                        e.getKey().part(),
                        e.getKey().name(),
                        sum(e.getValue().count().sum(), e.getValue().total().sum())))
                .sorted(Comparator.comparing(InferenceStatistics.Step::part)
                        .thenComparing(InferenceStatistics.Step::name))
                .toList();
    }

    void failed(long nanos) {
        failed.increment();
        failing.add(nanos);
    }

    long rows() {
        return rows.sum();
    }

    /** The time of the computations, for each request of which it was part, in nanoseconds. */
    long work() {
        return infer.sum();
    }

    private static int place(int size) {
        return size <= EXACT ? size : EXACT + Integer.SIZE - Integer.numberOfLeadingZeros(size) - 8;
    }

    private static int size(int place) {
        return place <= EXACT ? place : 1 << (place - EXACT + 7);
    }

    private static Sum sum(long count, long nanos) {
        return new Sum(count, Duration.ofNanos(nanos));
    }

    InferenceStatistics snapshot(String model, long version, Load load) {
        List<InferenceStatistics.Batch> batches = new ArrayList<>();
        for (int place = 0; place < SIZES; place++) {
            Size known = sizes.get(place);
            if (known != null) {
                batches.add(known.snapshot(size(place)));
            }
        }
        long executions =
                batches.stream().mapToLong(b -> b.computeInfer().count()).sum();
        long computed = answered.sum();
        return new InferenceStatistics(
                model,
                version,
                executions == 0 ? Optional.empty() : Optional.of(Instant.now().minusNanos(System.nanoTime() - last)),
                rows.sum(),
                executions,
                sum(computed, whole.sum()),
                sum(failed.sum(), failing.sum()),
                sum(computed, queued.sum()),
                sum(computed, input.sum()),
                sum(computed, infer.sum()),
                sum(computed, output.sum()),
                sum(hits.sum(), hitting.sum()),
                sum(misses.sum(), missing.sum()),
                batches,
                steps(),
                load);
    }
}
