package forge.ai.runtime.testkit.model;

import forge.ai.api.Cancellation;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Loads a model, computes with it and closes it, again and again, and prints what the process holds meanwhile. */
public final class LoadSeries {

    private static final int WARM_UP = 50;
    private static final int ROUNDS = 200;
    private static final int STEP = 20;

    private LoadSeries() {}

    public static void print(ModelBackend backend, ModelSource source, Map<String, Tensor> inputs) throws IOException {
        run(backend, source, inputs, WARM_UP);
        long before = ResidentMemory.bytes();
        for (int round = STEP; round <= ROUNDS; round += STEP) {
            run(backend, source, inputs, STEP);
            long now = ResidentMemory.bytes();
            System.out.printf(
                    "%d loads: %.1f MiB, %+.1f %%%n", round, now / 1048576.0, 100.0 * (now - before) / before);
        }
    }

    private static void run(ModelBackend backend, ModelSource source, Map<String, Tensor> inputs, int rounds) {
        for (int round = 0; round < rounds; round++) {
            try (LoadedModel model = backend.load(source)) {
                model.run(inputs, Set.of(), new Cancellation());
            }
        }
    }
}
