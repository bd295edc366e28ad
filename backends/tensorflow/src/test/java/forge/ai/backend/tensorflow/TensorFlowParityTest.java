package forge.ai.backend.tensorflow;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ModelFixtures.Case;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The models of the shared folder give what TensorFlow gave that wrote them. */
class TensorFlowParityTest {

    private static final Path TASKS = Path.of("/proc/self/task");

    private final TensorFlowBackend backend = new TensorFlowBackend();
    private final ModelFixtures fixtures = ModelFixtures.of("tensorflow");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everySignatureGivesWhatIsExpected() {
        return fixtures.models().stream()
                .flatMap(model -> model.cases().stream().map(one -> {
                    String signature = one.json().get("signature").textValue();
                    return DynamicTest.dynamicTest(signature, () -> {
                        try (LoadedModel loaded = load(model.file(), Map.of("signature", signature))) {
                            Map<String, Tensor> outputs = loaded.run(one.inputs(), Set.of(), new Cancellation());

                            assertClose(outputs, one.outputs(), model.tolerance());
                            assertThat(loaded.signature().metadata())
                                    .containsEntry("signature", signature)
                                    .hasEntrySatisfying(
                                            "signatures", all -> assertThat(all).contains("classify", "multi"));
                        }
                    });
                }));
    }

    @Test
    void anUnknownSignatureIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> load("iris_savedmodel", Map.of("signature", "predict")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("predict")
                .hasMessageContainingAll("classify", "multi", "serving_default", "text");
    }

    @Test
    void textsOfAnyBytesGoIn() throws Exception {
        List<byte[]> texts = List.of(
                "\uD83D\uDE00 na\u00efve".getBytes(StandardCharsets.UTF_8), new byte[] {0, -1, 'a'}, new byte[0]);
        try (LoadedModel model = load("iris_savedmodel", Map.of("signature", "text"))) {
            Map<String, Tensor> outputs =
                    model.run(Map.of("text", Tensor.ofBytes(new long[] {3}, texts)), Set.of(), new Cancellation());

            assertThat(outputs.get("length").data().asIntBuffer()).satisfies(lengths -> {
                assertThat(lengths.get(0)).isEqualTo(texts.getFirst().length);
                assertThat(lengths.get(1)).isEqualTo(3);
                assertThat(lengths.get(2)).isZero();
            });
            assertThat(outputs.get("upper").bytes().get(1)).containsExactly(0, -1, 'A');
        }
    }

    @Test
    void noRowsGiveNoRows() throws Exception {
        try (LoadedModel model = load("iris_savedmodel", Map.of("signature", "classify"))) {
            Tensor none = Tensor.ofFloats(new long[] {0, 4});

            Map<String, Tensor> outputs = model.run(Map.of("features", none), Set.of(), new Cancellation());

            assertThat(outputs.get("probabilities").shape()).containsExactly(0, 3);
            assertThat(outputs.get("label").toStrings()).isEmpty();
        }
    }

    @Test
    void severalThreadsWithinAModelComputeTheSame() throws Exception {
        Case one = fixtures.models().getFirst().cases().getFirst();
        try (LoadedModel model = load("iris_savedmodel", Map.of("threads", "2", "interOpThreads", "2"))) {
            assertClose(model.run(one.inputs(), Set.of(), new Cancellation()), one.outputs(), 1e-5);
        }
    }

    /** Each model has threads of its own, as many as it is given, and they end with it; the JVM has a few by itself. */
    @Test
    void everyModelHasAsManyThreadsAsItIsGiven() throws Exception {
        assumeTrue(Files.exists(TASKS), "no /proc");
        load("iris_savedmodel", Map.of("threads", "1")).close();
        long before = threads();
        try (LoadedModel one = load("iris_savedmodel", Map.of("threads", "1"))) {
            assertThat(threads() - before).isLessThan(20);
            try (LoadedModel many = load("iris_savedmodel", Map.of("threads", "60"))) {
                assertThat(threads() - before).isGreaterThan(40);
            }
            assertThat(threads() - before).isLessThan(20);
        }
    }

    private static long threads() throws IOException {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.count();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyBadModelIsRefused() {
        assertThat(fixtures.negative()).hasSizeGreaterThan(2);
        return fixtures.negative().stream()
                .map(file -> DynamicTest.dynamicTest(
                        file,
                        () -> assertThatThrownBy(() -> backend.load(ModelFixtures.source(
                                                fixtures.folder().resolve(file)))
                                        .close())
                                .isInstanceOfAny(InvalidRequestException.class, UnsupportedException.class)
                                .hasNoCause()));
    }

    private LoadedModel load(String file, Map<String, String> parameters) throws Exception {
        Path version = SavedModels.copy(fixtures.folder().resolve(file), folder);
        return backend.load(new ModelSource("test", 1, version, "auto", 1, parameters));
    }
}
