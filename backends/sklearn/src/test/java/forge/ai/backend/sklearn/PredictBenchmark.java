package forge.ai.backend.sklearn;

import forge.ai.api.Cancellation;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Times {@code predict} of single rows, here and in scikit-learn, in turns within one run, and prints medians and their
 * ratio. Arguments: the command of a Python that has scikit-learn and joblib, then model files.
 */
final class PredictBenchmark {

    private static final int ROUNDS = 7;
    private static final int CALLS = 20_000;

    private static final String PYTHON = """
            import sys, time, joblib, numpy as np
            model = joblib.load(sys.argv[1])
            row = np.random.RandomState(7).rand(1, model.n_features_in_)
            for _ in range(20): model.predict(row)
            n = 200
            t = time.perf_counter()
            for _ in range(n): model.predict(row)
            print((time.perf_counter() - t) / n * 1e6)
            """;

    private PredictBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        for (String file : List.of(arguments).subList(1, arguments.length)) {
            compare(arguments[0], Path.of(file));
        }
    }

    private static void compare(String python, Path file) throws Exception {
        Path version = SklearnFixtures.version(Files.createTempDirectory("predict"), file);
        ModelSource source = new ModelSource("m", 1, version, "cpu", 1, Map.of());
        double[] here = new double[ROUNDS];
        double[] there = new double[ROUNDS];
        double[] ratios = new double[ROUNDS];
        try (LoadedModel model = new SklearnBackend().load(source)) {
            int features = (int) model.signature().inputs().getFirst().shape()[1];
            double[] row = new Random(7).doubles(features).toArray();
            Map<String, Tensor> inputs = Map.of("input", Tensor.ofDoubles(new long[] {1, features}, row));
            micros(model, inputs);
            for (int round = 0; round < ROUNDS; round++) {
                here[round] = micros(model, inputs);
                there[round] = micros(python, file);
                ratios[round] = there[round] / here[round];
            }
        }
        System.out.printf(
                "%s: %.2f us here, %.1f us in scikit-learn, x%.0f (medians of %d rounds)%n",
                file.getFileName(), median(here), median(there), median(ratios), ROUNDS);
    }

    private static double micros(LoadedModel model, Map<String, Tensor> inputs) {
        long begin = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            model.run(inputs, Set.of("predict"), new Cancellation());
        }
        return (System.nanoTime() - begin) / 1e3 / CALLS;
    }

    private static double micros(String python, Path file) throws Exception {
        List<String> command = new ArrayList<>(List.of(python, "-c", PYTHON, file.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(process.getInputStream().readAllBytes()).strip();
        process.waitFor();
        return Double.parseDouble(answer);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
