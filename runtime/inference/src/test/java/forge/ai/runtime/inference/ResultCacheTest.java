package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.TimedOutException;
import forge.ai.api.inference.CachePolicy;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.model.Caching;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ResultCacheTest extends ShelfTest {

    private static final Caching ON = new Caching(true, 1 << 20, Duration.ofHours(1));

    private final RowModel model = new RowModel(0);
    private Shelf.Placed placed = cached(ON);

    private Shelf.Placed cached(Caching caching) {
        return shelf.put("m", 1, "digest", model, ModelConfig.DEFAULT.withCache(caching));
    }

    @Override
    void release() {
        model.held = false;
    }

    private static InferenceRequest request(float value) {
        return InferenceRequest.of("m", RowModel.row(value, "w" + value));
    }

    private int computed() {
        return model.batches.size();
    }

    private InferenceStatistics statistics() {
        return engine.statistics().getFirst();
    }

    @Test
    void equalRequestsAreComputedOnce() {
        InferenceResult first = engine.infer(request(1));
        InferenceResult second = engine.infer(request(1));

        assertThat(first.cached()).isFalse();
        assertThat(second.cached()).isTrue();
        assertThat(second.outputs()).isEqualTo(first.outputs());
        assertThat(second.version()).isEqualTo(1);
        assertThat(computed()).isEqualTo(1);
        assertThat(statistics().cacheHit().count()).isEqualTo(1);
        assertThat(statistics().cacheMiss().count()).isEqualTo(1);
        assertThat(statistics().success().count()).isEqualTo(2);
        assertThat(statistics().executions()).isEqualTo(1);
    }

    @Test
    void withoutSettingsNothingIsKept() {
        placed = cached(Caching.DEFAULT);

        engine.infer(request(1));

        assertThat(engine.infer(request(1)).cached()).isFalse();
        assertThat(statistics().cacheMiss().count()).isZero();
    }

    @Test
    void otherInputsOutputsAndVersionsHaveOtherResults() {
        engine.infer(request(1));
        shelf.put("m", 2, "other", new RowModel(0), ModelConfig.DEFAULT.withCache(ON));

        assertThat(engine.infer(request(1)).cached()).isFalse();
        assertThat(engine.infer(request(1).withVersion(VersionSelector.of(1))).cached())
                .isTrue();
        assertThat(engine.infer(request(2).withVersion(VersionSelector.of(1))).cached())
                .isFalse();
        InferenceResult one =
                engine.infer(request(1).withVersion(VersionSelector.of(1)).withOutputs(Set.of("sum")));
        assertThat(one.cached()).isFalse();
        assertThat(one.outputs()).containsOnlyKeys("sum");
    }

    @Test
    void withTheCacheRequestsAreAnsweredAsWithoutIt() {
        shelf.put("off", 1, "digest", new RowModel(0), ModelConfig.DEFAULT);
        Random random = new Random(7);
        int hits = 0;
        for (int i = 0; i < 3000; i++) {
            Map<String, Tensor> inputs = RowModel.row(random.nextInt(60), random.nextBoolean() ? "" : "w");
            InferenceRequest request = InferenceRequest.of("m", inputs)
                    .withOutputs(List.of(Set.<String>of(), Set.of("sum"), Set.of("said", "sum"))
                            .get(random.nextInt(3)))
                    .withCache(CachePolicy.values()[random.nextInt(3)]);
            InferenceResult result = engine.infer(request);
            assertThat(result.outputs())
                    .isEqualTo(engine.infer(InferenceRequest.of("off", inputs).withOutputs(request.outputs()))
                            .outputs());
            hits += result.cached() ? 1 : 0;
        }
        assertThat(hits).isGreaterThan(100);
    }

    @Test
    void equalRequestsInFlightRunOnce() throws Exception {
        List<Future<InferenceResult>> all = manyOfOne(20);

        model.held = false;

        for (Future<InferenceResult> one : all) {
            assertThat(one.get().outputs()).isEqualTo(RowModel.compute(RowModel.row(1, "w1.0")));
        }
        assertThat(computed()).isEqualTo(1);
        assertThat(statistics().cacheHit().count()).isEqualTo(19);
    }

    /** So many equal requests, of which the first is being computed and the others wait for it. */
    private List<Future<InferenceResult>> manyOfOne(int count) {
        model.held = true;
        List<Future<InferenceResult>> all = new ArrayList<>();
        all.add(start(request(1)));
        await(() -> model.inside.get() == 1);
        for (int i = 1; i < count; i++) {
            all.add(start(request(1)));
        }
        await(() -> placed.leases.get() == count);
        return all;
    }

    @Test
    void whenTheOneThatComputesIsGivenUpTheOthersStillGetTheirAnswer() throws Exception {
        List<Future<InferenceResult>> all = manyOfOne(10);

        all.removeFirst().cancel(true);
        await(() -> model.cancelled.get() == 1);
        model.held = false;

        for (Future<InferenceResult> one : all) {
            assertThat(one.get().outputs()).isEqualTo(RowModel.compute(RowModel.row(1, "w1.0")));
        }
        assertThat(computed()).isEqualTo(2);
    }

    @Test
    void whenTheTimeOfTheOneThatComputesIsOverTheOthersStillGetTheirAnswer() throws Exception {
        model.held = true;
        Future<InferenceResult> hurried = start(request(1).withTimeout(Duration.ofMillis(200)));
        await(() -> model.inside.get() == 1);
        Future<InferenceResult> patient = start(request(1));

        assertThatThrownBy(hurried::get).hasCauseInstanceOf(TimedOutException.class);
        await(() -> model.cancelled.get() == 1);
        model.held = false;

        assertThat(patient.get().outputs()).isEqualTo(RowModel.compute(RowModel.row(1, "w1.0")));
    }

    @Test
    void oneThatWaitsForAnotherKeepsItsOwnLimitOfTime() {
        manyOfOne(1);

        assertThatThrownBy(() -> engine.infer(request(1).withTimeout(Duration.ofMillis(50))))
                .isInstanceOf(TimedOutException.class);
    }

    @Test
    void aMoreUrgentRequestDoesNotWaitForOneThatIsLessSo() throws Exception {
        manyOfOne(1);

        Future<InferenceResult> urgent = start(request(1).withPriority(1));

        await(() -> model.inside.get() == 2);
        model.held = false;
        assertThat(urgent.get().cached()).isFalse();
    }

    @Test
    void noMoreWaitForOneComputationThanMayWaitAtAll() throws Exception {
        BatchingInferenceService narrow = new BatchingInferenceService(Configs.of(Map.of("queue", 2)));
        narrow.bindRegistry(shelf, Map.of());
        model.held = true;
        List<Future<InferenceResult>> all = new ArrayList<>();
        all.add(callers.submit(() -> narrow.infer(request(1))));
        await(() -> model.inside.get() == 1);
        for (int i = 0; i < 3; i++) {
            all.add(callers.submit(() -> narrow.infer(request(1))));
        }
        await(() -> all.stream().filter(Future::isDone).count() == 1);

        model.held = false;

        long refused = all.stream().filter(ResultCacheTest::exhausted).count();
        assertThat(refused).isEqualTo(1);
        narrow.deactivate();
    }

    private static boolean exhausted(Future<InferenceResult> one) {
        try {
            one.get();
            return false;
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(ResourceExhaustedException.class);
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void errorsAreNotKept() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> engine.infer(request(Float.NaN))).isInstanceOf(InternalException.class);
        }
        assertThatThrownBy(() -> engine.infer(InferenceRequest.of("m", Map.of())))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(computed()).isEqualTo(3);
    }

    @Test
    void aRequestMayPassTheCacheByOrRenewIt() {
        engine.infer(request(1).withCache(CachePolicy.BYPASS));
        assertThat(engine.infer(request(1)).cached()).isFalse();
        assertThat(engine.infer(request(1).withCache(CachePolicy.BYPASS)).cached())
                .isFalse();
        assertThat(engine.infer(request(1).withCache(CachePolicy.REFRESH)).cached())
                .isFalse();
        assertThat(engine.infer(request(1)).cached()).isTrue();
        assertThat(computed()).isEqualTo(4);
    }

    @Test
    void theMemoryOfResultsIsBounded() {
        ResultCache cache = new ResultCache(new Caching(true, 64 << 10, Duration.ofHours(1)));
        for (int i = 0; i < 2000; i++) {
            InferenceRequest request = request(i);
            cache.infer(
                    request,
                    placed.status(ModelState.READY),
                    Limit.NONE,
                    8,
                    new Counters(),
                    () -> new InferenceResult(
                            "m", 1, RowModel.compute(request.inputs()), Duration.ZERO, Duration.ZERO, 1));
        }
        assertThat(cache.bytes()).isBetween(32L << 10, 64L << 10);
    }

    @Test
    void resultsGetOld() {
        placed = cached(new Caching(true, 1 << 20, Duration.ofMillis(20)));
        engine.infer(request(1));

        await(() -> !engine.infer(request(1)).cached());

        assertThat(computed()).isEqualTo(2);
    }

    @Test
    void resultsGoWithTheirVersionAndWithItsFiles() {
        engine.infer(request(1));
        engine.changed(placed.status(ModelState.UNAVAILABLE));
        assertThat(engine.infer(request(1)).cached()).isFalse();

        shelf.put("m", 1, "other files", model, ModelConfig.DEFAULT.withCache(ON));
        assertThat(engine.infer(request(1)).cached()).isFalse();
        assertThat(engine.infer(request(1)).cached()).isTrue();
    }

    @Test
    void whatACallerWritesIntoAnAnswerIsNotInTheNextOne() {
        engine.infer(request(1)).outputs().get("said").bytes().getFirst()[0] = '!';
        engine.infer(request(1)).outputs().get("said").bytes().getFirst()[0] = '!';

        InferenceResult result = engine.infer(request(1));

        assertThat(result.cached()).isTrue();
        assertThat(result.outputs()).isEqualTo(RowModel.compute(RowModel.row(1, "w1.0")));
    }
}
