package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import forge.ai.api.Cancellation;
import forge.ai.api.InternalException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.ShadowReport;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.Serving;
import forge.ai.api.model.Shadow;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Version 2 answers, version 1 is its shadow. */
class ShadowsTest extends ShelfTest {

    private final Factor shadow = new Factor(2);

    /** Multiplies; the test may hold it up or have it fail. */
    private static final class Factor implements LoadedModel {

        private final float factor;
        private final Semaphore permits = new Semaphore(0);
        private volatile boolean held;
        private volatile boolean fails;

        Factor(float factor) {
            this.factor = factor;
        }

        @Override
        public ModelSignature signature() {
            TensorSpec x = new TensorSpec("x", DataType.FP32, -1);
            return new ModelSignature(List.of(x), List.of(new TensorSpec("y", DataType.FP32, -1)), false, Map.of());
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
            if (held) {
                permits.acquireUninterruptibly();
            }
            if (fails) {
                throw new InternalException("it fails");
            }
            float[] x = inputs.get("x").toFloats();
            for (int i = 0; i < x.length; i++) {
                x[i] *= factor;
            }
            return Map.of("y", Tensor.ofFloats(new long[] {x.length}, x));
        }

        @Override
        public void close() {}
    }

    private void put(float factor, double percent, double tolerance) {
        ModelConfig config =
                ModelConfig.DEFAULT.withServing(Serving.DEFAULT.withShadow(new Shadow("1", percent, tolerance)));
        shelf.put("m", 1, "one", shadow, config);
        shelf.put("m", 2, "two", new Factor(factor), config);
    }

    @Override
    void release() {
        shadow.held = false;
        shadow.permits.release(1000);
    }

    private void ask(int times) {
        InferenceRequest request = InferenceRequest.of("m", Map.of("x", Tensor.ofFloats(new long[] {2}, 1, 100)));
        for (int i = 0; i < times; i++) {
            assertThat(engine.infer(request).version()).isEqualTo(2);
        }
    }

    private ShadowReport report() {
        return engine.shadows().stream().findFirst().orElseThrow();
    }

    private void awaitCompared(long count) {
        await(() -> !engine.shadows().isEmpty()
                && report().equal() + report().different() + report().failed() + report().skipped() >= count);
    }

    @Test
    void answersWithinTheToleranceAreEqual() {
        put(2.002f, 100, 1e-2);
        ask(10);
        awaitCompared(10);
        assertThat(report().equal()).isEqualTo(10);
        assertThat(report().version()).isEqualTo(1);
        assertThat(report().differed()).isEqualTo("y");
        // Of 200 and 200.2.
        assertThat(report().largestDifference()).isCloseTo(0.2 / 201.2, within(1e-5));
        assertThat(report().computed()).isPositive();
        assertThat(report().shadowed()).isPositive();
    }

    @Test
    void answersBeyondItAreDifferentAndTheLargestDifferenceIsKept() {
        put(4, 100, 1e-3);
        ask(10);
        awaitCompared(10);
        assertThat(report().different()).isEqualTo(10);
        assertThat(report().largestDifference()).isCloseTo(200.0 / 401, within(1e-5));
    }

    @Test
    void onlyTheShareIsCompared() {
        put(2, 0, 1e-3);
        ask(100);
        assertThat(engine.shadows()).isEmpty();
        put(2, 30, 1e-3);
        ask(1000);
        engine.infer(InferenceRequest.of("m", Map.of("x", Tensor.ofFloats(new long[] {1}, 1)))
                .withVersion(VersionSelector.of(1)));
        awaitCompared(200);
        // Six standard deviations around 300, not the thousand.
        assertThat(report().equal() + report().skipped()).isLessThan(390);
    }

    @Test
    void aShadowThatHangsNeitherDelaysNorHoldsRequestsWithoutBound() {
        shadow.held = true;
        put(2, 100, 1e-3);
        ask(200);
        // One is held by the model, 32 wait.
        awaitCompared(200 - 33);
        assertThat(report().skipped()).isGreaterThanOrEqualTo(200 - 33);
        assertThat(report().equal()).isZero();
        release();
        awaitCompared(200);
        assertThat(report().equal()).isPositive();
    }

    @Test
    void aShadowThatFailsIsCountedAndNobodyElseNotices() {
        shadow.fails = true;
        put(2, 100, 1e-3);
        ask(10);
        awaitCompared(10);
        assertThat(report().failed()).isEqualTo(10);
        shelf.remove("m", 1);
        ask(10);
        awaitCompared(20);
        assertThat(report().failed()).isEqualTo(20);
    }
}
