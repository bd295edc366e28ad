package forge.ai.runtime.testkit.onnx;

import static forge.ai.runtime.testkit.model.TensorAssertions.argMax;
import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ModelFixtures.Case;
import forge.ai.runtime.testkit.model.ModelFixtures.Fixture;
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

/** The models of the shared folder give what the frameworks gave that wrote them. */
public abstract class OnnxParityContract {

    private final ModelFixtures fixtures = ModelFixtures.of("onnx");

    @TempDir
    protected Path folder;

    protected abstract ModelBackend backend();

    @TestFactory
    Stream<DynamicTest> everyModelGivesWhatIsExpected() {
        assertThat(fixtures.models()).hasSizeGreaterThan(10);
        return fixtures.models().stream().map(model -> DynamicTest.dynamicTest(model.file(), () -> compare(model)));
    }

    private void compare(Fixture fixture) throws Exception {
        try (LoadedModel model = load(fixture.file())) {
            for (Case one : fixture.cases()) {
                Map<String, Tensor> outputs =
                        model.run(one.inputs(), one.outputs().keySet(), new Cancellation());
                assertThat(outputs).isNotEmpty();
                if (fixture.argMax()) {
                    one.outputs()
                            .forEach((name, expected) ->
                                    assertThat(argMax(outputs.get(name))).isEqualTo(argMax(expected)));
                } else {
                    assertClose(outputs, one.outputs(), fixture.tolerance());
                }
            }
        }
    }

    @Test
    void aListOfMapsBecomesScoresAndTheirLabels() throws Exception {
        Fixture fixture = fixtures.model("linear_zipmap.onnx");
        Case one = fixture.cases().getFirst();
        JsonNode rows = one.json().get("outputs").get(1).get("data");
        try (LoadedModel model = load(fixture.file())) {
            Map<String, Tensor> outputs = model.run(one.inputs(), Set.of(), new Cancellation());

            List<String> labels = outputs.get("output_probability.labels").toStrings();
            float[] scores = outputs.get("output_probability").toFloats();
            assertThat(outputs.get("output_probability").shape()).containsExactly(3, 3);
            assertThat(rows).hasSize(3);
            for (int i = 0; i < scores.length; i++) {
                double expected = rows.get(i / 3).get(labels.get(i)).doubleValue();
                assertThat((double) scores[i]).isCloseTo(expected, within(1e-5));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> everyBadFileIsRefusedAndNothingElseHappens() {
        assertThat(fixtures.negative()).hasSizeGreaterThan(3);
        return fixtures.negative().stream()
                .map(file -> DynamicTest.dynamicTest(file, () -> {
                    Path version = fixtures.version(folder, file, "model.onnx");

                    assertThatThrownBy(() -> backend()
                                    .load(ModelFixtures.source(version))
                                    .close())
                            .isInstanceOfAny(InvalidRequestException.class, UnsupportedException.class)
                            .hasNoCause();
                    try (Stream<Path> files = Files.list(version)) {
                        assertThat(files).hasSize(1);
                    }
                }));
    }

    @Test
    void onlyModelsWithAFreeFirstDimensionEverywhereAreBatched() throws Exception {
        Map<String, Boolean> expected = Map.of(
                "iris_mlp.onnx", true,
                "digits_cnn.onnx", true,
                "multi_io.onnx", true,
                "linear_zipmap.onnx", true,
                "iris_mlp_fixed1.onnx", false,
                "slow_loop.onnx", false);
        for (Map.Entry<String, Boolean> one : expected.entrySet()) {
            try (LoadedModel model = load(one.getKey())) {
                assertThat(model.signature().batched()).as(one.getKey()).isEqualTo(one.getValue());
            }
        }
    }

    @Test
    void metadataOfTheFileIsInTheSignature() throws Exception {
        try (LoadedModel model = load("iris_metadata.onnx")) {
            assertThat(model.signature().metadata()).containsEntry("version", "7");
        }
    }

    @Test
    void anotherBatchSizeThanTheFixedOneIsRefused() throws Exception {
        try (LoadedModel model = load("iris_mlp_fixed1.onnx")) {
            Map<String, Tensor> two = Map.of("features", Tensor.ofFloats(new long[] {2, 4}, new float[8]));

            assertThatThrownBy(() -> model.run(two, Set.of(), new Cancellation()))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("features FP32[1, 4]");
        }
    }

    private LoadedModel load(String file) throws Exception {
        Path version = folder.resolve(file).resolve("1");
        if (!Files.exists(version)) {
            fixtures.version(folder, file, "model.onnx");
        }
        return backend().load(ModelFixtures.source(version));
    }
}
