package forge.ai.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import forge.ai.api.Cancellation;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the backend adds to a call: one row computed by a session whose input and output lie ready, and by the backend,
 * in turn. Prints the median of each in microseconds and their ratio.
 */
final class OverheadBenchmark {

    private static final int ROUNDS = 40;
    private static final int CALLS = 5_000;

    private OverheadBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("benchmark");
        ModelFixtures fixtures = ModelFixtures.of("onnx");
        OnnxBackend backend = new OnnxBackend();
        for (String file : new String[] {"iris_mlp.onnx", "diabetes_mlp.onnx", "digits_cnn.onnx"}) {
            var one = fixtures.model(file).cases().getFirst();
            Map<String, Tensor> inputs = new HashMap<>();
            one.inputs().forEach((name, tensor) -> inputs.put(name, tensor.rows(0, 1)));
            Map<String, Tensor> outputs = new HashMap<>();
            one.outputs().forEach((name, tensor) -> outputs.put(name, tensor.rows(0, 1)));
            Path version = fixtures.version(folder, file, "model.onnx");
            measure(backend, version, inputs, outputs);
        }
    }

    private static void measure(
            OnnxBackend backend, Path version, Map<String, Tensor> inputs, Map<String, Tensor> outputs)
            throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        NativeTensors tensors = new NativeTensors(environment);
        Map<String, OnnxTensor> given = new HashMap<>();
        Map<String, OnnxTensor> pinned = new HashMap<>();
        try (var options = OnnxSettings.of(ModelFixtures.source(version)).options();
                OrtSession session =
                        environment.createSession(version.resolve("model.onnx").toString(), options);
                LoadedModel model = backend.load(ModelFixtures.source(version))) {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                given.put(input.getKey(), tensors.of(input.getValue()));
            }
            for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
                pinned.put(output.getKey(), tensors.of(output.getValue()));
            }
            double[] raw = new double[ROUNDS];
            double[] ours = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                raw[round] = time(() -> session.run(given, pinned).close());
                ours[round] = time(() -> model.run(inputs, Set.of(), new Cancellation()));
            }
            double first = median(raw);
            double second = median(ours);
            System.out.printf(
                    "%s: raw %.2f us, backend %.2f us, overhead %.2f us, ratio %.2f%n",
                    version.getParent().getFileName(), first, second, second - first, second / first);
        } finally {
            given.values().forEach(OnnxTensor::close);
            pinned.values().forEach(OnnxTensor::close);
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private static double time(Call call) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return (System.nanoTime() - start) / 1000.0 / CALLS;
    }

    /** Of the second half: the first one warms up. */
    private static double median(double[] rounds) {
        double[] warm = Arrays.copyOfRange(rounds, rounds.length / 2, rounds.length);
        Arrays.sort(warm);
        return warm[warm.length / 2];
    }
}
