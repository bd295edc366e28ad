package forge.ai.runtime.testkit.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.Cancellation;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes in comes out bit by bit, in each type that the other models do not have. */
public abstract class OnnxTypesContract {

    @TempDir
    protected Path folder;

    protected abstract ModelBackend backend();

    @ParameterizedTest
    @CsvSource({"UINT16, 4", "UINT32, 12", "UINT64, 13", "BF16, 16", "FP16, 10"})
    void bitsAreKept(DataType type, int elementType) throws Exception {
        ByteBuffer bits = Tensor.allocate(type, 3);
        for (int i = 0; i < bits.capacity(); i++) {
            bits.put(i, (byte) (0x81 + 11 * i));
        }
        Tensor tensor = Tensor.of(type, new long[] {3}, bits);

        assertThat(through(elementType, tensor)).isEqualTo(tensor);
        assertThat(through(elementType, tensor.rows(0, 0))).isEqualTo(tensor.rows(0, 0));
    }

    @Test
    void textsComeOutAsTheyWentIn() throws Exception {
        Tensor texts = Tensor.ofStrings(new long[] {3}, List.of("\uD83D\uDE00 \u4E16\u754C", "", "a"));

        assertThat(through(8, texts).toStrings()).isEqualTo(texts.toStrings());
    }

    private Tensor through(int elementType, Tensor tensor) throws Exception {
        Files.write(folder.resolve("model.onnx"), TinyModels.identity(elementType));
        try (LoadedModel model = backend().load(ModelFixtures.source(folder))) {
            return model.run(Map.of("x", tensor), Set.of(), new Cancellation()).get("y");
        }
    }
}
