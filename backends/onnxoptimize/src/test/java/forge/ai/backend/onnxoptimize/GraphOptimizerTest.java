package forge.ai.backend.onnxoptimize;

import static forge.ai.runtime.testkit.model.TensorAssertions.argMax;
import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import forge.ai.api.Cancellation;
import forge.ai.api.ForgeException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.tensor.Tensor;
import forge.ai.backend.onnx.OnnxBackend;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ModelFixtures.Case;
import forge.ai.runtime.testkit.model.ModelFixtures.Fixture;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphOptimizerTest {

    private final OnnxBackend backend = new OnnxBackend();

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everyModelComputesTheSameOnceItIsOptimised() {
        ModelFixtures fixtures = ModelFixtures.of("onnx");
        return fixtures.models().stream()
                .map(model -> DynamicTest.dynamicTest(model.file(), () -> {
                    Path file = write(fixtures.folder().resolve(model.file()), false, 0);
                    try (LoadedModel optimized = backend.load(ModelFixtures.source(file.getParent()))) {
                        compare(model, optimized);
                    }
                }));
    }

    private static void compare(Fixture fixture, LoadedModel model) {
        for (Case one : fixture.cases()) {
            Map<String, Tensor> outputs = model.run(one.inputs(), one.outputs().keySet(), new Cancellation());
            if (!fixture.argMax()) {
                assertClose(outputs, one.outputs(), Math.max(1e-6, fixture.tolerance()));
            }
        }
    }

    /** The dense layers of an MLP and of a transformer are rounded; convolutions are not, only what follows them. */
    @ParameterizedTest
    @CsvSource({
        "onnx/diabetes_mlp.onnx, 2, 0.03",
        "onnx/iris_mlp.onnx, 2, 0.06",
        "onnx/digits_cnn.onnx, 1, 0.03",
        "hf/tiny-sentiment/model.onnx, 9, 0.05",
        "onnx/tree_ensemble.onnx, 0, 0",
        "onnx/string_in.onnx, 0, 0"
    })
    void weightsOfMatricesAreRoundedAndOutputsStayNear(String model, int quantized, double tolerance) throws Exception {
        Path source = ModelFixtures.folder("onnx").resolve("..").resolve(model).normalize();
        Path file = write(source, true, quantized);
        if (quantized == 0) {
            return;
        }
        Trial trial = trial(source, file);

        assertThat(trial.comparison().maxDifference()).isPositive().isLessThan(tolerance);
        assertThat(trial.comparison().agreement()).isGreaterThan(0.9);
        assertThat(operators(file))
                .anyMatch(operator -> operator.contains("MatMulInteger") || operator.contains("DynamicQuantizeMatMul"));
        assertThat(count(file, "Conv")).isEqualTo(count(source, "Conv"));
    }

    private Trial trial(Path source, Path file) throws Exception {
        Path original = Files.createDirectories(folder.resolve("original"));
        Files.copy(source, original.resolve("model.onnx"));
        try (LoadedModel before = backend.load(ModelFixtures.source(original));
                LoadedModel after = backend.load(ModelFixtures.source(file.getParent()))) {
            return Trial.of(before, after, RandomInputs.of(before.signature(), OnnxFile.read(source)));
        }
    }

    private Path write(Path source, boolean int8, int quantized) throws Exception {
        Path target = Files.createDirectories(folder.resolve("optimized")).resolve("model.onnx");
        assertThat(GraphOptimizer.write(source, target, int8)).isEqualTo(quantized);
        assertThat(target.getParent()).isDirectoryContaining(target::equals);
        try (Stream<Path> files = Files.list(target.getParent())) {
            assertThat(files).hasSize(1);
        }
        return target;
    }

    private static Set<String> operators(Path file) throws Exception {
        return OnnxFile.read(file).nodes().stream()
                .map(node -> node.text(OnnxFile.NODE_OPERATOR))
                .collect(Collectors.toSet());
    }

    private static long count(Path file, String operator) throws Exception {
        return OnnxFile.read(file).nodes().stream()
                .filter(node -> node.text(OnnxFile.NODE_OPERATOR).contains(operator))
                .count();
    }

    /** Of the UCI digits that the sample was trained on others of: 1797. */
    @Test
    void theRoundedModelReadsDigitsAsWellAsItsOriginal() throws Exception {
        Path digits = Path.of(System.getProperty("forge.shared"), "data/digits/digits.csv.gz");
        assumeTrue(Files.exists(digits), () -> "no " + digits);
        Path source = ModelFixtures.folder("onnx").resolve("digits_cnn.onnx");
        Path rounded = write(source, true, 1);
        Path original = Files.createDirectories(folder.resolve("original"));
        Files.copy(source, original.resolve("model.onnx"));

        double before = accuracy(original, digits);
        double after = accuracy(rounded.getParent(), digits);

        assertThat(before).isGreaterThan(0.95);
        assertThat(after).isGreaterThan(before - 0.005);
    }

    private double accuracy(Path version, Path digits) throws Exception {
        long right = 0;
        List<String> lines;
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(digits)), StandardCharsets.US_ASCII))) {
            lines = reader.lines().filter(line -> line.matches("[0-9.,]+")).toList();
        }
        try (LoadedModel model = backend.load(ModelFixtures.source(version))) {
            for (String line : lines) {
                String[] values = line.split(",");
                float[] pixels = new float[64];
                for (int i = 0; i < pixels.length; i++) {
                    pixels[i] = Float.parseFloat(values[i]) / 16;
                }
                Tensor image = Tensor.ofFloats(new long[] {1, 1, 8, 8}, pixels);
                Tensor scores = model.run(Map.of("image", image), Set.of(), new Cancellation())
                        .values()
                        .iterator()
                        .next();
                right += argMax(scores)[0] == (int) Double.parseDouble(values[64]) ? 1 : 0;
            }
        }
        assertThat(lines).hasSizeGreaterThan(1000);
        return (double) right / lines.size();
    }

    @Test
    void aRoundedMatrixTakesAQuarterAndIsHalfAStepOffAtMost() {
        float[] numbers = new float[64 * 32];
        Random random = new Random(7);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        ByteBuffer raw = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(numbers);
        ProtoMessage tensor = new ProtoMessage()
                .with(OnnxFile.TENSOR_DIMENSION, 64)
                .with(OnnxFile.TENSOR_DIMENSION, 32)
                .with(OnnxFile.TENSOR_TYPE, RoundedWeights.FLOAT)
                .with(OnnxFile.TENSOR_RAW, raw);

        RoundedWeights rounded = RoundedWeights.of(tensor, false, 1).orElseThrow();
        RoundedWeights transposed = RoundedWeights.of(tensor, true, 2).orElseThrow();

        assertThat(rounded.values()).hasSize(numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            float scale = rounded.scales()[i % 32];
            assertThat(((rounded.values()[i] & 0xFF) - RoundedWeights.ZERO) * scale)
                    .isCloseTo(numbers[i], within(scale * 0.51f));
        }
        assertThat(transposed.rows()).isEqualTo(32);
        assertThat(((transposed.values()[1] & 0xFF) - RoundedWeights.ZERO)
                        * transposed.scales()[1])
                .isCloseTo(2 * numbers[32], within(transposed.scales()[1]));
    }

    @Test
    void damagedFilesAreRefused() throws Exception {
        byte[] whole = Files.readAllBytes(ModelFixtures.folder("onnx").resolve("digits_cnn.onnx"));
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = whole.clone();
            for (int i = 0; i < 5; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Path file = Files.write(folder.resolve("damaged.onnx"), bytes);
            try {
                DynamicQuantizer.quantize(OnnxFile.read(file));
            } catch (ForgeException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        Path empty = Files.write(folder.resolve("empty.onnx"), new byte[] {(byte) 0xFF});
        assertThatThrownBy(() -> OnnxFile.read(empty)).isInstanceOf(ForgeException.class);
    }

    @Test
    void whatIsNotLookedAtStaysAsItWas() throws Exception {
        for (Fixture model : ModelFixtures.of("onnx").models()) {
            Path source = ModelFixtures.folder("onnx").resolve(model.file());
            OnnxFile file = OnnxFile.read(source);
            List<ProtoMessage> nodes = file.nodes();
            assertThat(nodes).isNotEmpty();
            file.weights();
            file.externalFiles();
            Path copy = folder.resolve("copy.onnx");
            file.write(copy);

            assertThat(copy).hasSameBinaryContentAs(source);
        }
    }
}
