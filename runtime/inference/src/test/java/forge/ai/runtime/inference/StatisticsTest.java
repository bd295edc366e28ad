package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.inference.InferenceStatistics.Load;
import forge.ai.api.inference.InferenceStatistics.Sum;
import forge.ai.api.model.Batching;
import forge.ai.api.model.ModelState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StatisticsTest {

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final RowModel model = new RowModel(TimeUnit.MICROSECONDS.toNanos(300));
    private final OneModelRegistry registry =
            new OneModelRegistry(model, new Batching(true, 8, Duration.ofMillis(2), List.of()));
    private final BatchingInferenceService engine =
            new BatchingInferenceService(Configs.of(Map.of("parallel", 1, "queue", 50)));

    StatisticsTest() {
        engine.bindRegistry(registry, Map.of());
    }

    @AfterEach
    void stop() {
        model.held = false;
        callers.close();
        engine.deactivate();
    }

    private static InferenceRequest request(float value) {
        return InferenceRequest.of("m", RowModel.row(value, "w"));
    }

    private InferenceStatistics statistics() {
        return engine.statistics().getFirst();
    }

    @Test
    void aReadyVersionThatNothingWasAskedOfHasZeros() {
        assertThat(engine.statistics()).hasSize(1);
        InferenceStatistics none = statistics();
        assertThat(none.model()).isEqualTo("m");
        assertThat(none.version()).isEqualTo(3);
        assertThat(none.lastExecution()).isEmpty();
        assertThat(none.success()).isEqualTo(Sum.ZERO);
        assertThat(none.batches()).isEmpty();
        assertThat(none.load()).isEqualTo(new Load(0, 50, 0, 1));
    }

    @Test
    void whatIsCountedIsWhatWasAnsweredAndComputed() throws Exception {
        Instant before = Instant.now();
        var results = new ConcurrentLinkedQueue<InferenceResult>();
        List<Future<?>> all = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            all.add(callers.submit(() -> {
                for (int i = 0; i < 50; i++) {
                    results.add(engine.infer(request(i)));
                }
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }

        InferenceStatistics after = statistics();
        assertThat(after.success().count()).isEqualTo(400);
        assertThat(after.failure()).isEqualTo(Sum.ZERO);
        assertThat(after.rows()).isEqualTo(400);
        assertThat(after.executions()).isEqualTo(model.batches.size());
        assertThat(after.batches().stream()
                        .collect(Collectors.toMap(
                                InferenceStatistics.Batch::rows,
                                b -> b.computeInfer().count())))
                .isEqualTo(model.batches.stream().collect(Collectors.groupingBy(size -> size, Collectors.counting())));
        assertThat(after.queue()).isEqualTo(sum(results, InferenceResult::queued));
        assertThat(after.computeInfer()).isEqualTo(sum(results, InferenceResult::computed));
        assertThat(after.success().total())
                .isGreaterThanOrEqualTo(
                        after.queue().total().plus(after.computeInfer().total()));
        assertThat(after.computeInput().count()).isEqualTo(400);
        assertThat(after.computeOutput().total()).isPositive();
        assertThat(after.lastExecution().orElseThrow()).isBetween(before, Instant.now());
        // A slot is freed just after the answer.
        awaitLoad(new Load(0, 50, 0, 1));
    }

    private static Sum sum(
            Iterable<InferenceResult> results, java.util.function.Function<InferenceResult, Duration> part) {
        long count = 0;
        Duration total = Duration.ZERO;
        for (InferenceResult result : results) {
            count++;
            total = total.plus(part.apply(result));
        }
        return new Sum(count, total);
    }

    @Test
    void failuresAreCountedApartAndTheirComputationsNot() {
        engine.infer(request(1));
        assertThatThrownBy(() -> engine.infer(request(Float.NaN))).isInstanceOf(InternalException.class);
        assertThatThrownBy(() -> engine.infer(InferenceRequest.of("m", Map.of())))
                .isInstanceOf(ForgeException.class);
        assertThatThrownBy(() -> engine.infer(request(1).withTimeout(Duration.ZERO)))
                .isInstanceOf(ForgeException.class);

        InferenceStatistics after = statistics();
        assertThat(after.success().count()).isEqualTo(1);
        assertThat(after.executions()).isEqualTo(1);
        assertThat(after.rows()).isEqualTo(1);
        assertThat(after.failure().count()).isEqualTo(2);
        assertThat(after.failure().total()).isPositive();
    }

    @Test
    void theLoadTellsWhoWaitsAndWhatRuns() {
        model.held = true;
        callers.submit(() -> engine.infer(request(0)));
        awaitLoad(new Load(0, 50, 1, 1));
        for (int i = 1; i < 4; i++) {
            int value = i;
            callers.submit(() -> engine.infer(request(value)));
        }
        awaitLoad(new Load(3, 50, 1, 1));
    }

    private void awaitLoad(Load wanted) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!statistics().load().equals(wanted)) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    @Test
    void countersLiveAsLongAsTheVersionIsReady() {
        engine.infer(request(1));
        engine.changed(registry.status(ModelState.READY));
        assertThat(statistics().executions()).isEqualTo(1);

        engine.changed(registry.status(ModelState.UNAVAILABLE));

        assertThat(statistics().executions()).isZero();
    }

    @Test
    void manyRowsAreCountedUnderThePowerOfTwoBelow() {
        Counters counters = new Counters();
        for (int size : new int[] {1, 127, 128, 255, 256, 1000, 1 << 30, Integer.MAX_VALUE}) {
            counters.computed(size, Times.alone(0, 5));
        }
        InferenceStatistics all = counters.snapshot("m", 1, new Load(0, 1, 0, 1));
        assertThat(all.batches().stream().map(InferenceStatistics.Batch::rows))
                .containsExactly(1, 127, 128, 256, 512, 1 << 30);
        assertThat(all.executions()).isEqualTo(8);
    }
}
