package forge.ai.backend.onnxffm;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.Cancellation;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.onnx.OnnxTypesContract;
import forge.ai.runtime.testkit.onnx.TinyModels;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForeignOnnxTypesTest extends OnnxTypesContract {

    private final ForeignOnnxBackend backend = UnpackedLibrary.backend();

    @Override
    protected ModelBackend backend() {
        return backend;
    }

    /** The C interface takes any bytes, also those that are no text. */
    @Test
    void bytesThatAreNoTextComeOutAsTheyWentIn() throws Exception {
        Tensor bytes = Tensor.ofBytes(
                new long[] {3}, List.of(new byte[] {0, (byte) 0xFF, 0, 7}, new byte[0], new byte[] {(byte) 0xC3}));
        Files.write(folder.resolve("model.onnx"), TinyModels.identity(8));
        try (LoadedModel model = backend.load(ModelFixtures.source(folder))) {
            Tensor answer =
                    model.run(Map.of("x", bytes), Set.of(), new Cancellation()).get("y");

            assertThat(answer).isEqualTo(bytes);
        }
    }
}
