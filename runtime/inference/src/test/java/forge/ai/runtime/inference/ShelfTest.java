package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What tests of the engine over a {@link Shelf} share. */
@Timeout(60)
abstract class ShelfTest {

    final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    final Shelf shelf = new Shelf();
    final BatchingInferenceService engine = new BatchingInferenceService(Configs.of(Map.of("parallel", 2)));

    {
        engine.bindRegistry(shelf, Map.of());
    }

    /** Called before it is looked whether each hold is given back. */
    void release() {}

    @AfterEach
    void everyHoldIsGivenBack() throws Exception {
        release();
        callers.shutdown();
        assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        engine.deactivate();
        await(() -> shelf.leases.get() == 0);
    }

    Future<InferenceResult> start(InferenceRequest request) {
        return callers.submit(() -> engine.infer(request));
    }

    static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            Thread.onSpinWait();
        }
    }
}
