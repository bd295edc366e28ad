package forge.ai.backend.onnxffm;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.sun.management.ThreadMXBean;
import forge.ai.api.Cancellation;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.tensor.Tensor;
import forge.ai.backend.onnx.OnnxBackend;
import forge.ai.runtime.support.onnx.OnnxProvider;
import forge.ai.runtime.support.onnx.OnnxRunner;
import forge.ai.runtime.support.onnx.OnnxSettings;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One row computed by both ways of calling ONNX Runtime, in turn: naively (tensors made for each call, the answer
 * copied), with input and output that lie ready, and by the backends. Prints the median of processor time in
 * microseconds, which other load disturbs least, and what each call allocates in the Java heap. Models of one input and
 * one output of FP32.
 */
final class OverheadBenchmark {

    private static final int ROUNDS = 40;
    private static final int CALLS = 5_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final String input;
    private final String output;
    private final Tensor row;
    private final Tensor result;
    private final Path version;

    private OverheadBenchmark(ModelFixtures fixtures, Path folder, String file) throws Exception {
        var one = fixtures.model(file).cases().getFirst();
        input = one.inputs().keySet().iterator().next();
        output = one.outputs().keySet().iterator().next();
        row = one.inputs().get(input).rows(0, 1);
        result = one.outputs().get(output).rows(0, 1);
        version = fixtures.version(folder, file, "model.onnx");
    }

    private interface Call {
        void run() throws Exception;
    }

    private record Way(String name, Call call, double[] times, double[] bytes) {
        Way(String name, Call call) {
            this(name, call, new double[ROUNDS], new double[ROUNDS]);
        }

        void measure(int round) throws Exception {
            long thread = Thread.currentThread().threadId();
            long allocated = THREADS.getThreadAllocatedBytes(thread);
            long start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            times[round] = (THREADS.getCurrentThreadCpuTime() - start) / 1000.0 / CALLS;
            bytes[round] = (THREADS.getThreadAllocatedBytes(thread) - allocated) / (double) CALLS;
        }

        void print(String model) {
            System.out.printf("%-20s %-14s %6.2f us %7.0f bytes%n", model, name, median(times), median(bytes));
        }

        /** Of the second half: the first one warms up. */
        private static double median(double[] rounds) {
            double[] warm = Arrays.copyOfRange(rounds, rounds.length / 2, rounds.length);
            Arrays.sort(warm);
            return warm[warm.length / 2];
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("benchmark");
        ModelFixtures fixtures = ModelFixtures.of("onnx");
        ForeignOnnxBackend foreign = UnpackedLibrary.backend();
        for (String file : new String[] {"iris_mlp.onnx", "diabetes_mlp.onnx", "digits_cnn.onnx"}) {
            new OverheadBenchmark(fixtures, folder, file).compare(foreign);
        }
    }

    private void compare(ForeignOnnxBackend foreign) throws Exception {
        OrtLibrary ort = OrtLibrary.open();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        String file = version.resolve("model.onnx").toString();
        OnnxSettings settings = new OnnxSettings(List.of(new OnnxProvider.Cpu()), false, 1, 1, 99, false, true);
        try (OrtSession.SessionOptions options = options();
                OrtSession jni = environment.createSession(file, options);
                ForeignSession ffm = (ForeignSession) new ForeignBinding(ort).open(Path.of(file), settings);
                LoadedModel jniModel = load(new OnnxBackend());
                LoadedModel ffmModel = load(foreign);
                OnnxRunner<ForeignValue> runner = ffm.newRunner();
                OnnxTensor given = tensor(environment, row);
                OnnxTensor pinned = tensor(environment, result)) {
            ForeignValue in = ffm.over(row.type(), row.shape(), direct(row));
            ForeignValue out = ffm.over(result.type(), result.shape(), direct(result));
            Map<String, Tensor> inputs = Map.of(input, row);
            List<Way> ways = List.of(
                    new Way("JNI naive", () -> jniNaive(environment, jni)),
                    new Way(
                            "JNI pinned",
                            () -> jni.run(Map.of(input, given), Map.of(output, pinned))
                                    .close()),
                    new Way("FFM naive", () -> ffmNaive(ffm, runner)),
                    new Way(
                            "FFM pinned",
                            () -> runner.run(
                                    List.of(input), List.of(in), List.of(output), new ArrayList<>(List.of(out)))),
                    new Way("JNI backend", () -> jniModel.run(inputs, Set.of(), new Cancellation())),
                    new Way("FFM backend", () -> ffmModel.run(inputs, Set.of(), new Cancellation())));
            for (int round = 0; round < ROUNDS; round++) {
                for (Way way : ways) {
                    way.measure(round);
                }
            }
            ways.forEach(way -> way.print(version.getParent().getFileName().toString()));
            ffm.release(in);
            ffm.release(out);
        }
        ort.close();
    }

    private static OrtSession.SessionOptions options() throws Exception {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        return options;
    }

    private LoadedModel load(ModelBackend backend) {
        return backend.load(ModelFixtures.source(version));
    }

    private void jniNaive(OrtEnvironment environment, OrtSession session) throws Exception {
        try (OnnxTensor tensor = tensor(environment, row);
                OrtSession.Result computed = session.run(Map.of(input, tensor))) {
            ((OnnxTensor) computed.get(0)).getByteBuffer();
        }
    }

    private void ffmNaive(ForeignSession session, OnnxRunner<ForeignValue> runner) throws Exception {
        ForeignValue tensor = session.over(row.type(), row.shape(), direct(row));
        List<ForeignValue> outputs = new ArrayList<>();
        outputs.add(null);
        runner.run(List.of(input), List.of(tensor), List.of(output), outputs);
        session.read(outputs.getFirst());
        session.release(outputs.getFirst());
        session.release(tensor);
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Tensor tensor) throws Exception {
        return OnnxTensor.createTensor(environment, direct(tensor).asFloatBuffer(), tensor.shape());
    }

    private static ByteBuffer direct(Tensor tensor) {
        return ByteBuffer.allocateDirect(tensor.data().remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(tensor.data())
                .flip()
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
