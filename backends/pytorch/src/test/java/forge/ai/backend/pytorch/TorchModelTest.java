package forge.ai.backend.pytorch;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.ModelFixtures.Case;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TorchModelTest {

    private final PyTorchBackend backend = new PyTorchBackend();
    private final ModelFixtures fixtures = ModelFixtures.of("torchscript");

    @TempDir
    private Path folder;

    @Test
    void stoppingTheBackendClosesWhatIsOpen() throws Exception {
        LoadedModel model = load("iris_mlp.pt", Map.of());

        backend.stop();

        assertThatThrownBy(() -> model.run(
                        Map.of("x", Tensor.ofFloats(new long[] {1, 4}, 1, 2, 3, 4)), Set.of(), new Cancellation()))
                .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> load("lstm.pt", Map.of())).isInstanceOf(UnavailableException.class);
    }

    @Test
    void aGpuIsRefusedOrReplacedAsConfigured() throws Exception {
        ModelSource plain = files().source("iris_mlp.pt", Map.of());

        assertThatThrownBy(() -> backend.load(on("cuda:0", plain, Map.of())))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("PyTorch")
                .hasMessageContaining("deviceFallback");
        assertThatThrownBy(() -> backend.load(on("tpu", plain, Map.of())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("auto, cpu");
        backend.load(on("cuda:0", plain, Map.of("deviceFallback", "cpu"))).close();
    }

    private static ModelSource on(String device, ModelSource source, Map<String, String> parameters) {
        return new ModelSource(source.name(), source.version(), source.folder(), device, 1, parameters);
    }

    @ParameterizedTest
    @CsvSource({
        "threads, 0, 1 to 1024",
        "optimize, yes, true",
        "inputs, x, TYPE",
        "inputs, x FLOAT[1], FP32",
        "inputs, x FP32[-2], dimensions",
        "outputs, y FP32[1]; y FP32[1], each name once"
    })
    void aWrongParameterIsRefusedWithWhatIsAllowed(String key, String value, String allowed) {
        assertThatThrownBy(() -> load("iris_mlp.pt", Map.of(key, value)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value)
                .hasMessageContaining(allowed);
    }

    @Test
    void moreInputsThanForwardTakesAreRefused() {
        assertThatThrownBy(() -> load("iris_mlp.pt", Map.of("inputs", "a FP32[-1, 4]; b FP32[...]")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("2 inputs")
                .hasMessageContaining("x");
    }

    @Test
    void parametersDoNotChangeWhatIsComputed() throws Exception {
        Case one = fixtures.model("digits_cnn.pt").cases().getFirst();
        Tensor image = one.inputs().get("image");
        for (Map<String, String> parameters : Set.of(Map.of("threads", "2"), Map.of("optimize", "false"))) {
            try (LoadedModel model = load("digits_cnn.pt", parameters)) {
                for (int round = 0; round < 3; round++) {
                    Map<String, Tensor> outputs =
                            model.run(model.adapt(Map.of("input_0", image)), Set.of("output_0"), new Cancellation());
                    assertClose(outputs, Map.of("output_0", one.outputs().get("0")), 1e-4);
                }
            }
        }
    }

    @Test
    void libtorchUsesAsManyThreadsAsItIsGiven() throws Exception {
        Map<String, Tensor> inputs = Map.of("x", Tensor.ofFloats(new long[] {1, 4}, 1, 2, 3, 4));
        for (int threads : new int[] {1, 3}) {
            ModelSource plain = files().source("iris_mlp.pt", Map.of());
            try (LoadedModel model =
                    backend.load(new ModelSource("test", 1, plain.folder(), "cpu", threads, Map.of()))) {
                model.run(inputs, Set.of(), new Cancellation());

                assertThat(JniUtils.getNumThreads()).isEqualTo(threads);
            }
        }
    }

    /** A scripted model's file says how many tensors there are, not which: what comes is what it computes. */
    @Test
    void whatIsNotDeclaredIsNotGuessed() throws Exception {
        try (LoadedModel model = load("multi_io_tuple.pt", Map.of("inputs", "feats FP32[-1, 4]; ids INT64[-1]"))) {
            Case one = fixtures.model("multi_io_tuple.pt").cases().getFirst();

            Map<String, Tensor> outputs = model.run(one.inputs(), Set.of(), new Cancellation());

            assertThat(model.signature().outputs()).hasSize(3).allMatch(spec -> spec.anyShape());
            assertThat(model.signature().batched()).isFalse();
            assertThat(outputs.keySet()).containsExactly("output_0", "output_1", "output_2");
            assertThat(outputs.get("output_1").type()).isEqualTo(DataType.INT64);
            assertThat(outputs.get("output_2").type()).isEqualTo(DataType.BOOL);
        }
    }

    @Test
    void aShapeThatTheModelCannotComputeIsRefusedWithTheReason() throws Exception {
        try (LoadedModel model = load("diabetes_mlp.pt", Map.of())) {
            Tensor narrow = Tensor.ofFloats(new long[] {2, 3}, new float[6]);

            assertThatThrownBy(() -> model.run(Map.of("x", narrow), Set.of(), new Cancellation()))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("size")
                    .hasMessageNotContaining("Traceback");
        }
    }

    private LoadedModel load(String file, Map<String, String> parameters) throws Exception {
        return backend.load(files().source(file, parameters));
    }

    private TorchFixtures files() {
        return new TorchFixtures(fixtures, folder);
    }
}
