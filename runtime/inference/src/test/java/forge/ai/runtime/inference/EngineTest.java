package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.CancelledException;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.TimedOutException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.model.Batching;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EngineTest {

    private static final Batching PATIENT = new Batching(true, 8, Duration.ofSeconds(30), List.of());
    private static final long A_WHILE = TimeUnit.MICROSECONDS.toNanos(300);

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final RowModel model = new RowModel(A_WHILE);
    private OneModelRegistry registry = new OneModelRegistry(model, PATIENT);
    private BatchingInferenceService engine = engine(Map.of("parallel", 1));

    @AfterEach
    void everyHoldIsGivenBack() throws Exception {
        model.held = false;
        callers.shutdown();
        assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        engine.deactivate();
        await(() -> registry.leases.get() == 0);
    }

    private BatchingInferenceService engine(Map<String, Object> config) {
        BatchingInferenceService service = new BatchingInferenceService(Configs.of(config));
        service.bindRegistry(registry, Map.of());
        return service;
    }

    private void use(Batching batching, Map<String, Object> config) {
        engine.deactivate();
        registry = new OneModelRegistry(model, batching);
        engine = engine(config);
    }

    private static InferenceRequest request(float value) {
        return InferenceRequest.of("m", RowModel.row(value, "w" + value));
    }

    private Future<InferenceResult> start(InferenceRequest request) {
        return callers.submit(() -> engine.infer(request));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    /** One computation that is held up, and then so many requests behind it. */
    private List<Future<InferenceResult>> behindAHeldOne(List<InferenceRequest> others) throws Exception {
        model.held = true;
        List<Future<InferenceResult>> all = new ArrayList<>();
        all.add(start(request(0)));
        await(() -> model.inside.get() == 1);
        for (InferenceRequest other : others) {
            int before = registry.leases.get();
            all.add(start(other));
            await(() -> registry.leases.get() == before + 1 && queued() == before);
        }
        return all;
    }

    private int queued() {
        return engine.waiting("m", 3);
    }

    @Test
    void aLoneRequestIsComputedAtOnceAndAlone() {
        long began = System.nanoTime();

        InferenceResult result = engine.infer(request(2));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENT.maxDelay());
        assertThat(result.outputs()).isEqualTo(RowModel.compute(RowModel.row(2, "w2.0")));
        assertThat(result.version()).isEqualTo(3);
        assertThat(result.batch()).isEqualTo(1);
    }

    @Test
    void requestsThatComeWhileOneIsComputedShareTheNextComputation() throws Exception {
        var all = behindAHeldOne(List.of(request(1), request(2), request(3)));

        model.held = false;

        for (int i = 0; i < all.size(); i++) {
            InferenceResult result = all.get(i).get();
            assertThat(result.outputs()).isEqualTo(RowModel.compute(RowModel.row(i, "w" + (float) i)));
            assertThat(result.batch()).isEqualTo(i == 0 ? 1 : 3);
        }
        assertThat(model.batches).containsExactly(1, 3);
    }

    @Test
    void noBatchIsLargerThanAllowed() throws Exception {
        var all = behindAHeldOne(
                IntStream.rangeClosed(1, 19).mapToObj(EngineTest::request).toList());

        model.held = false;

        for (Future<InferenceResult> one : all) {
            one.get();
        }
        assertThat(model.batches).containsExactly(1, 8, 8, 3);
    }

    @Test
    void sizesThatTheModelLikesArePreferred() throws Exception {
        use(new Batching(true, 8, Duration.ofSeconds(30), List.of(2, 4)), Map.of("parallel", 1));
        var all = behindAHeldOne(
                IntStream.rangeClosed(1, 7).mapToObj(EngineTest::request).toList());

        model.held = false;

        for (Future<InferenceResult> one : all) {
            one.get();
        }
        assertThat(model.batches).containsExactly(1, 4, 2, 1);
    }

    @Test
    void requestsOfOtherShapesOrOutputsAreComputedApart() throws Exception {
        Map<String, Tensor> wide = Map.of(
                "x",
                Tensor.ofFloats(new long[] {1, 2}, 5, 6),
                "word",
                Tensor.ofStrings(new long[] {1}, List.of("wide")));
        var all = behindAHeldOne(List.of(
                request(1), InferenceRequest.of("m", wide), request(2).withOutputs(Set.of("said")), request(3)));

        model.held = false;

        assertThat(all.get(2).get().outputs()).isEqualTo(RowModel.compute(wide));
        assertThat(all.get(3).get().outputs()).containsOnlyKeys("said");
        assertThat(all.get(4).get().batch()).isEqualTo(2);
        assertThat(model.batches).containsExactly(1, 2, 1, 1);
    }

    @Test
    void aBadRequestFailsAlone() throws Exception {
        var all = behindAHeldOne(List.of(request(1), request(Float.NaN), request(3)));

        model.held = false;

        assertThat(all.get(1).get().outputs()).isEqualTo(RowModel.compute(RowModel.row(1, "w1.0")));
        assertThat(all.get(3).get().outputs()).isEqualTo(RowModel.compute(RowModel.row(3, "w3.0")));
        assertThatThrownBy(() -> all.get(2).get()).hasCauseInstanceOf(InternalException.class);
        assertThat(model.batches).containsExactly(1, 3, 1, 1, 1);
    }

    @Test
    void theMoreUrgentIsComputedFirst() throws Exception {
        use(new Batching(false, 1, Duration.ZERO, List.of()), Map.of("parallel", 1));
        List<String> order = new java.util.concurrent.CopyOnWriteArrayList<>();
        var all = behindAHeldOne(
                List.of(request(1), request(2).withPriority(-600), request(3).withPriority(600), request(4)));
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int i = 1; i < all.size(); i++) {
            Future<InferenceResult> one = all.get(i);
            String label = "r" + i;
            ends.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            one.get();
                            order.add(label);
                        } catch (InterruptedException | ExecutionException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    callers));
        }

        for (int done = 0; done < 5; done++) {
            model.permits.release();
            int soFar = done;
            await(() -> order.size() >= soFar);
        }

        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get();
        assertThat(order).containsExactly("r3", "r1", "r4", "r2");
    }

    @Test
    void aFullQueueRefuses() throws Exception {
        use(PATIENT, Map.of("parallel", 1, "queue", 2));
        var all = behindAHeldOne(List.of(request(1), request(2)));

        assertThatThrownBy(() -> engine.infer(request(3)))
                .isInstanceOfSatisfying(
                        ResourceExhaustedException.class,
                        e -> assertThat(e.retryAfter()).isPresent())
                .hasMessageContaining("2 requests of m version 3 wait already");

        model.held = false;
        assertThat(all.get(2).get().batch()).isEqualTo(2);
    }

    @Test
    void whoWaitsTooLongLeavesTheQueueAndIsNotComputed() throws Exception {
        var all = behindAHeldOne(List.of(request(1)));

        assertThatThrownBy(() -> engine.infer(request(2).withTimeout(Duration.ofMillis(20))))
                .isInstanceOf(TimedOutException.class)
                .hasMessageContaining("20 ms");

        model.held = false;
        all.get(1).get();
        assertThat(model.batches).containsExactly(1, 1);
    }

    @Test
    void aComputationThatNobodyWaitsForIsEnded() throws Exception {
        model.held = true;

        assertThatThrownBy(() -> engine.infer(request(2).withTimeout(Duration.ofMillis(20))))
                .isInstanceOf(TimedOutException.class);

        await(() -> model.cancelled.get() == 1);
    }

    @Test
    void aTimeThatIsOverIsNotComputed() {
        assertThatThrownBy(() -> engine.infer(request(2).withTimeout(Duration.ZERO)))
                .isInstanceOf(TimedOutException.class);
        assertThat(model.batches).isEmpty();
    }

    @Test
    void aTimeThatCannotBeEnoughIsRefusedAtOnce() {
        registry.model = new RowModel(TimeUnit.MILLISECONDS.toNanos(20));
        for (int i = 0; i < 10; i++) {
            engine.infer(request(i));
        }

        assertThatThrownBy(() -> engine.infer(request(1).withTimeout(Duration.ofMillis(5))))
                .isInstanceOf(TimedOutException.class)
                .hasMessageContaining("takes about");
        assertThat(((RowModel) registry.model).batches).hasSize(10);
    }

    @Test
    void anInterruptedCallerIsReleasedAndItsNeighboursAreComputed() throws Exception {
        var all = behindAHeldOne(List.of(request(1), request(2), request(3)));
        model.permits.release();
        await(() -> model.batches.size() == 2);

        all.get(2).cancel(true);
        model.held = false;

        assertThat(all.get(1).get().batch()).isEqualTo(3);
        assertThat(all.get(3).get().batch()).isEqualTo(3);
        assertThat(model.cancelled).hasValue(0);
    }

    @Test
    void anInterruptedCallerKnowsIt() throws Exception {
        model.held = true;
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                engine.infer(request(1));
            } catch (CancelledException e) {
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                thrown.complete(e);
            }
        });
        await(() -> model.inside.get() == 1);

        caller.interrupt();

        assertThat(thrown.get()).isInstanceOf(CancelledException.class);
    }

    @Test
    void whatIsComputedInTheCallersThreadIsEndedAsWell() throws Exception {
        RowModel quick = new RowModel(0);
        registry.model = quick;
        for (int i = 0; i < 20; i++) {
            engine.infer(request(i));
        }
        quick.held = true;

        assertThatThrownBy(() -> engine.infer(request(1).withTimeout(Duration.ofMillis(30))))
                .isInstanceOf(TimedOutException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> engine.infer(request(1))).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(quick.cancelled).hasValue(1);
    }

    @Test
    void aModelClosedWhileItComputesIsFollowedByItsSuccessor() throws Exception {
        var all = behindAHeldOne(List.of(request(1), request(2)));

        registry.model = new RowModel(0);
        model.close();
        model.held = false;

        for (int i = 0; i < 3; i++) {
            assertThat(all.get(i).get().outputs()).isEqualTo(RowModel.compute(RowModel.row(i, "w" + (float) i)));
        }
    }

    @Test
    void aWrongRequestIsRefusedWithWhatWouldBeRight() {
        assertThatThrownBy(() -> engine.infer(InferenceRequest.of("n", Map.of())))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("[m]");
        assertThatThrownBy(() ->
                        engine.infer(InferenceRequest.of("m", Map.of("x", Tensor.ofFloats(new long[] {1}, 1)))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("x FP32[-1, -1]");
        assertThat(model.batches).isEmpty();
    }

    /** Twelve callers with random rows, columns and outputs; whatever came together, each gets what it gets alone. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void batchedEqualsSingle(long seed) throws Exception {
        use(
                new Batching(true, 1 + (int) seed * 2, Duration.ofMillis(1), List.of()),
                Map.of("parallel", 1 + (int) (seed % 3)));
        List<Future<Integer>> callersDone = new ArrayList<>();
        for (int caller = 0; caller < 12; caller++) {
            Random random = new Random(seed * 100 + caller);
            callersDone.add(callers.submit(() -> compareRandomOnes(random, 40)));
        }
        int shared = 0;
        for (Future<Integer> one : callersDone) {
            shared += one.get();
        }
        assertThat(shared).as("requests that shared a computation").isPositive();
    }

    private int compareRandomOnes(Random random, int count) {
        int shared = 0;
        for (int i = 0; i < count; i++) {
            Map<String, Tensor> inputs = random(random);
            Set<String> outputs = random.nextInt(4) == 0 ? Set.of("sum") : Set.of();
            InferenceResult result = engine.infer(
                    InferenceRequest.of("m", inputs).withOutputs(outputs).withPriority(random.nextInt(3)));
            Map<String, Tensor> single = RowModel.compute(inputs);
            if (!outputs.isEmpty()) {
                single.keySet().retainAll(outputs);
            }
            assertThat(result.outputs()).isEqualTo(single);
            shared += result.batch() > inputs.get("word").dimension(0) ? 1 : 0;
        }
        return shared;
    }

    private static Map<String, Tensor> random(Random random) {
        int rows = random.nextInt(6);
        int columns = 1 + random.nextInt(2);
        float[] values = new float[rows * columns];
        List<String> words = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < rows; i++) {
            words.add(Integer.toString(random.nextInt(), 36));
        }
        return Map.of(
                "x",
                Tensor.ofFloats(new long[] {rows, columns}, values),
                "word",
                Tensor.ofStrings(new long[] {rows}, words));
    }
}
