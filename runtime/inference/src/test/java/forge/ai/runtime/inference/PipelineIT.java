package forge.ai.runtime.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.NotFoundException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.Sequence;
import forge.ai.api.inference.StepTiming;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.testkit.model.AdderOnnx;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;

/** Pipelines and sequences with the real bundles, a repository folder and real models; the examples of the README. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedEngine.class)
class PipelineIT {

    private RunningEngine running;
    private Bundle steps;
    private List<Digits> digits;

    @BeforeAll
    void start(RunningEngine shared) throws Exception {
        running = shared;
        steps = running.framework.start("forge.ai.runtime.steps");
        digits = Digits.read(Path.of(System.getProperty("forge.shared"), "data", "digits", "digits.csv.gz"));
        running.put(
                "pictures",
                Map.of(
                        "config.json", example("pictures"),
                        "labels.txt", labels().getBytes(StandardCharsets.UTF_8),
                        "1/model.onnx",
                                Files.readAllBytes(ModelFixtures.folder("onnx").resolve("digits_cnn.onnx"))));
        running.put(
                "counter",
                Map.of(
                        "config.json", example("counter"),
                        "1/model.onnx", AdderOnnx.accumulator()));
        running.registry.load("pictures");
        running.registry.load("counter");
    }

    /** The settings of a model as the README has them. */
    private static byte[] example(String model) throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"));
        String before = "`models/" + model + "/config.json`:\n\n```json\n";
        int begin = readme.indexOf(before) + before.length();
        assertThat(begin).as("the example " + model).isGreaterThan(before.length());
        return readme.substring(begin, readme.indexOf("```", begin)).getBytes(StandardCharsets.UTF_8);
    }

    private static String labels() {
        return IntStream.range(0, 10).mapToObj(i -> "digit " + i).collect(Collectors.joining("\n"));
    }

    private static byte[] png(Digits digit) {
        try {
            BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
            float[] pixels = digit.image().toFloats();
            for (int i = 0; i < 64; i++) {
                image.getRaster().setSample(i % 8, i / 8, 0, Math.round(pixels[i] * 255));
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(image, "png", bytes);
            return bytes.toByteArray();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private InferenceResult read(Digits digit) {
        Tensor picture = Tensor.ofBytes(new long[] {1}, List.of(png(digit)));
        return running.engine.infer(InferenceRequest.of("pictures", Map.of("image", picture)));
    }

    @Test
    void picturesGoInAndDigitsComeOut() {
        int right = 0;
        for (Digits digit : digits.subList(0, 300)) {
            InferenceResult result = read(digit);
            assertThat(result.outputs()).containsOnlyKeys("indices", "scores", "labels");
            long best = result.outputs().get("indices").toLongs()[0];
            assertThat(result.outputs().get("labels").toStrings().getFirst()).isEqualTo("digit " + best);
            right += best == digit.label() ? 1 : 0;
        }
        assertThat(right).isGreaterThan(285);
        assertThat(read(digits.getFirst()).steps())
                .extracting(StepTiming::name)
                .containsExactly("image", "pictures", "softmax", "topk");
        var outside = running.engine.signature("pictures", VersionSelector.DEFAULT);
        assertThat(outside.inputs()).containsExactly(new TensorSpec("image", DataType.BYTES, -1));
        assertThat(outside.outputs()).extracting(TensorSpec::name).containsExactly("indices", "scores", "labels");
    }

    @Test
    void noCallIsLostWhileTheBundleOfItsStepsIsReplaced() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 16; caller++) {
                Digits digit = digits.get(caller);
                long expected = read(digit).outputs().get("indices").toLongs()[0];
                executor.execute(() -> {
                    while (!stop.get() && failures.isEmpty()) {
                        try {
                            assertThat(read(digit).outputs().get("indices").toLongs()[0])
                                    .isEqualTo(expected);
                            answers.incrementAndGet();
                        } catch (Throwable e) {
                            failures.add(e);
                        }
                    }
                });
            }
            try {
                for (int swap = 0; swap < 8; swap++) {
                    Bundle next = running.framework.startBeside("forge.ai.runtime.steps", "0.3." + swap);
                    steps.stop();
                    steps.uninstall();
                    steps = next;
                    int before = answers.get();
                    await(() -> answers.get() > before + 50 || !failures.isEmpty());
                }
            } finally {
                stop.set(true);
            }
        }
        assertThat(failures).isEmpty();
        assertThat(answers.get()).isGreaterThan(400);
    }

    @Test
    void aChainOfModelsComesAndGoesWithItsFolder() throws Exception {
        running.put("total", Map.of("1/model.onnx", AdderOnnx.doubler()));
        running.registry.load("total");
        running.put("chain", Map.of("config.json", example("chain")));
        await(() -> ready("chain"));

        Tensor picture = Tensor.ofBytes(new long[] {1}, List.of(png(digits.getFirst())));
        InferenceResult result = running.engine.infer(InferenceRequest.of("chain", Map.of("picture", picture)));

        float[] scores = read(digits.getFirst()).outputs().get("scores").toFloats();
        assertThat(result.outputs()).containsOnlyKeys("words", "doubled");
        assertThat(result.outputs().get("doubled").toFloats()[0]).isEqualTo(2 * scores[0]);
        assertThat(running.engine.signature("chain", VersionSelector.DEFAULT).inputs())
                .containsExactly(new TensorSpec("picture", DataType.BYTES, -1));

        Path chain = running.repository().resolve("chain");
        Files.delete(chain.resolve("config.json"));
        Files.delete(chain);
        await(() -> running.registry.models().stream()
                .noneMatch(model -> model.name().equals("chain")));
        assertThatThrownBy(() -> running.engine.infer(InferenceRequest.of("chain", Map.of("picture", picture))))
                .isInstanceOf(NotFoundException.class);
    }

    private boolean ready(String name) {
        return running.registry.models().stream()
                .anyMatch(model -> model.name().equals(name) && model.state() == ModelState.READY);
    }

    private float count(String id, float x, boolean start, boolean end) {
        InferenceRequest request = InferenceRequest.of("counter", Map.of("x", Tensor.ofFloats(new long[] {1, 1}, x)))
                .withSequence(new Sequence(id, start, end));
        InferenceResult result = running.engine.infer(request);
        assertThat(result.outputs()).containsOnlyKeys("y");
        return result.outputs().get("y").toFloats()[0];
    }

    @Test
    void sequencesCountOnWhileTheBackendIsReplaced() throws Exception {
        for (int id = 0; id < 8; id++) {
            assertThat(count("s" + id, id, true, false)).isEqualTo(id);
        }
        long began = System.nanoTime();
        running.replaceBackend("0.4.0");
        // The held models are let go of at once, not when the sequences end.
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(25);
        for (int id = 0; id < 8; id++) {
            assertThat(count("s" + id, 1, false, true)).isEqualTo(id + 1);
        }
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            // Asleep, not spinning: the callers need the cores.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
