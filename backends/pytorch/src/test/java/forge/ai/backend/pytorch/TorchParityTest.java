package forge.ai.backend.pytorch;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ModelFixtures.Case;
import forge.ai.runtime.testkit.model.ModelFixtures.Fixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The models of the shared folder give what PyTorch gave that wrote them. */
class TorchParityTest {

    private final PyTorchBackend backend = new PyTorchBackend();
    private final ModelFixtures fixtures = ModelFixtures.of("torchscript");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everyModelGivesWhatIsExpected() {
        assertThat(fixtures.models()).hasSizeGreaterThan(8);
        return fixtures.models().stream().map(model -> DynamicTest.dynamicTest(model.file(), () -> compare(model)));
    }

    private void compare(Fixture fixture) throws Exception {
        for (Case one : fixture.cases()) {
            try (LoadedModel model = backend.load(files().declared(fixture.file(), one))) {
                // The first calls are computed otherwise than those after them, for which the graph was adapted.
                for (int round = 0; round < 4; round++) {
                    Map<String, Tensor> outputs = model.run(one.inputs(), Set.of(), new Cancellation());
                    assertClose(outputs, one.outputs(), fixture.tolerance());
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> aModelThatWasTracedNeedsNoDeclaration() {
        return Stream.of("iris_mlp.pt", "iris_mlp_fp16.pt", "iris_mlp_f64.pt", "lstm.pt")
                .map(fixtures::model)
                .map(model -> DynamicTest.dynamicTest(model.file(), () -> {
                    Case one = model.cases().getFirst();
                    try (LoadedModel loaded = backend.load(files().source(model.file(), Map.of()))) {
                        Map<String, Tensor> inputs = byPlace("input_", one.inputs());
                        Map<String, Tensor> outputs =
                                loaded.run(loaded.adapt(inputs), Set.of("output_0"), new Cancellation());

                        assertThat(loaded.signature().inputs().getFirst().type())
                                .isEqualTo(inputs.get("input_0").type());
                        assertClose(outputs, byPlace("output_", one.outputs()), model.tolerance());
                    }
                }));
    }

    private static Map<String, Tensor> byPlace(String prefix, Map<String, Tensor> tensors) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        tensors.values().forEach(tensor -> named.put(prefix + named.size(), tensor));
        return named;
    }

    @TestFactory
    Stream<DynamicTest> theSampleOfTransformersGivesWhatIsExpected() {
        ModelFixtures hub = ModelFixtures.of("hf");
        return hub.models().stream()
                .filter(model -> model.file().endsWith(".pt"))
                .map(model -> DynamicTest.dynamicTest(model.file(), () -> {
                    Path version = hub.folder().resolve(model.file()).getParent();
                    Case one = model.cases().getFirst();
                    try (LoadedModel loaded = backend.load(
                            new ModelSource("test", 1, version, "auto", 1, Map.of("outputs", "0 FP32[-1, 2]")))) {
                        assertClose(
                                loaded.run(one.inputs(), Set.of(), new Cancellation()),
                                one.outputs(),
                                model.tolerance());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyBadFileIsRefusedAndNothingElseHappens() {
        assertThat(fixtures.negative()).hasSizeGreaterThan(2);
        return fixtures.negative().stream()
                .map(file -> DynamicTest.dynamicTest(file, () -> {
                    Path version = fixtures.version(folder, file, "model.pt");

                    assertThatThrownBy(() ->
                                    backend.load(ModelFixtures.source(version)).close())
                            .isInstanceOfAny(InvalidRequestException.class, UnsupportedException.class)
                            .hasNoCause();
                    try (Stream<Path> left = Files.list(version)) {
                        assertThat(left).hasSize(1);
                    }
                }));
    }

    private TorchFixtures files() {
        return new TorchFixtures(fixtures, folder);
    }
}
