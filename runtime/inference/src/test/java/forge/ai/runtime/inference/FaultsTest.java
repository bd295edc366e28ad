package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.Cancellation;
import forge.ai.api.InternalException;
import forge.ai.api.TimedOutException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.model.Batching;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Models that do what models should not: the caller learns it and the engine goes on. */
@Timeout(60)
class FaultsTest {

    private static final float HANG = -1;
    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("x", DataType.FP32, -1)),
            List.of(new TensorSpec("y", DataType.FP32, -1)),
            true,
            Map.of());

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger hanging = new AtomicInteger();
    private UnaryOperator<Tensor> behaviour = x -> x;
    private final OneModelRegistry registry = new OneModelRegistry(
            new LoadedModel() {
                @Override
                public ModelSignature signature() {
                    return SIGNATURE;
                }

                @Override
                public Map<String, Tensor> run(
                        Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
                    return Map.of("y", behaviour.apply(inputs.get("x")));
                }

                @Override
                public void close() {}
            },
            Batching.DEFAULT);
    private final BatchingInferenceService engine = new BatchingInferenceService(Configs.of(Map.of("parallel", 1)));

    FaultsTest() {
        engine.bindRegistry(registry, Map.of());
    }

    @AfterEach
    void everyHoldIsGivenBack() {
        release.countDown();
        engine.deactivate();
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (registry.leases.get() > 0) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    private static InferenceRequest request(float value) {
        return InferenceRequest.of("m", Map.of("x", Tensor.ofFloats(new long[] {1}, value)));
    }

    private void answers() {
        behaviour = x -> x;
        assertThat(engine.infer(request(3)).outputs().get("y").toFloats()).containsExactly(3);
    }

    @Test
    void whatAModelThrowsIsAnErrorOfItsRequestAlone() {
        behaviour = x -> {
            throw new IllegalStateException("broken");
        };
        assertThatThrownBy(() -> engine.infer(request(1)))
                .isInstanceOf(InternalException.class)
                .hasMessageContaining("m version 3")
                .hasMessageContaining("IllegalStateException")
                .hasNoCause();
        answers();
    }

    @Test
    void aHugeAllocationIsAnErrorOfItsRequestAlone() {
        behaviour = x -> Tensor.ofFloats(new long[] {1}, new float[Integer.MAX_VALUE]);
        assertThatThrownBy(() -> engine.infer(request(1)))
                .isInstanceOf(InternalException.class)
                .hasMessageContaining("OutOfMemoryError");
        answers();
    }

    @Test
    void notANumberIsAnAnswerLikeOthers() {
        behaviour = x -> Tensor.ofFloats(new long[] {1}, Float.NaN);
        assertThat(engine.infer(request(1)).outputs().get("y").toFloats()).containsExactly(Float.NaN);
    }

    private void hang() {
        behaviour = x -> {
            if (x.toFloats()[0] == HANG) {
                hanging.incrementAndGet();
                try {
                    // Heeds neither the signal nor anything else of the engine's.
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return x;
        };
    }

    @Test
    void aModelThatHangsHoldsItsCallerUntilTheDeadlineAndOthersNotForLong() {
        hang();
        int asked = 0;
        // Where the machine is busy it may not have begun by then.
        while (hanging.get() == 0) {
            assertThatThrownBy(() -> engine.infer(request(HANG).withTimeout(Duration.ofMillis(100))))
                    .isInstanceOf(TimedOutException.class);
            asked++;
        }

        // The only slot is still taken; it is given on once it is clear that the computation heeds nothing.
        assertThat(engine.infer(request(2)).outputs().get("y").toFloats()).containsExactly(2);
        assertThat(hanging).hasValue(1);
        assertThat(engine.statistics().getFirst().failure().count()).isEqualTo(asked);
    }
}
