package forge.ai.backend.onnxoptimize;

import forge.ai.api.Cancellation;
import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Two forms of a model computed on the same inputs.
 *
 * @param comparison of their outputs
 * @param before the median time of the first
 * @param after the median time of the second
 */
record Trial(OutputComparison comparison, Duration before, Duration after) {

    private static final int WARM_UP = 20;
    private static final int ROUNDS = 200;
    private static final long LIMIT = Duration.ofSeconds(5).toNanos();

    static Trial of(LoadedModel first, LoadedModel second, List<Map<String, Tensor>> calls) {
        OutputComparison comparison = new OutputComparison();
        for (Map<String, Tensor> inputs : calls) {
            comparison.add(original(first, inputs), run(second, inputs));
        }
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        long end = System.nanoTime() + LIMIT;
        // In turn, so that whatever else the machine does meets both.
        for (int i = 0; i < WARM_UP + ROUNDS && (before.isEmpty() || System.nanoTime() < end); i++) {
            Map<String, Tensor> inputs = calls.get(i % calls.size());
            long firstTook = time(first, inputs);
            long secondTook = time(second, inputs);
            if (i >= WARM_UP || i == 0) {
                before.add(firstTook);
                after.add(secondTook);
            }
        }
        return new Trial(comparison, median(before), median(after));
    }

    private static Map<String, Tensor> original(LoadedModel model, Map<String, Tensor> inputs) {
        try {
            return run(model, inputs);
        } catch (ForgeException e) {
            throw new InvalidRequestException(
                    "the model does not compute these inputs, give others: " + e.getMessage());
        }
    }

    private static Map<String, Tensor> run(LoadedModel model, Map<String, Tensor> inputs) {
        return model.run(inputs, Set.of(), new Cancellation());
    }

    private static long time(LoadedModel model, Map<String, Tensor> inputs) {
        long start = System.nanoTime();
        run(model, inputs);
        return System.nanoTime() - start;
    }

    private static Duration median(List<Long> times) {
        return Duration.ofNanos(times.stream().sorted().toList().get(times.size() / 2));
    }
}
