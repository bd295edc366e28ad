package forge.ai.console.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.tensor.TensorReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorReaderTest {

    private static ModelSignature signature(TensorSpec... inputs) {
        return new ModelSignature(List.of(inputs), List.of(), true, Map.of());
    }

    private static Tensor read(String json, DataType type, long... shape) {
        return TensorReader.inputs(json(json), signature(new TensorSpec("x", type, shape)))
                .get("x");
    }

    private static JsonNode json(String text) {
        try {
            return Json.read(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theShapeIsThatOfTheArrays() {
        assertThat(read("[[1, 2, 3], [4, 5, 6]]", DataType.FP32, -1, 3))
                .isEqualTo(Tensor.ofFloats(new long[] {2, 3}, 1, 2, 3, 4, 5, 6));
        assertThat(read("[1, 2, 3]", DataType.FP32, -1, 3)).isEqualTo(Tensor.ofFloats(new long[] {1, 3}, 1, 2, 3));
        assertThat(read("\"hello\"", DataType.BYTES, -1)).isEqualTo(Tensor.ofStrings(new long[] {1}, List.of("hello")));
        assertThat(read("[]", DataType.INT64, -1)).isEqualTo(Tensor.ofLongs(new long[] {0}));
    }

    @ParameterizedTest
    @CsvSource({
        "BOOL, '[true,false]'",
        "INT8, '[-128,127]'",
        "UINT8, '[0,255]'",
        "INT16, '[-32768,32767]'",
        "UINT16, '[0,65535]'",
        "INT32, '[-2147483648,2147483647]'",
        "UINT32, '[0,4294967295]'",
        "INT64, '[-9223372036854775808,9223372036854775807]'",
        "UINT64, '[0,18446744073709551615]'",
        "FP16, '[0.5,-65504.0]'",
        "BF16, '[0.5,-2.0]'",
        "FP32, '[0.1,3.4028235E38]'",
        "FP64, '[0.1,1.0E300]'",
        "BYTES, '[\"ü\",\"\"]'"
    })
    void everyTypeIsReadAndWrittenWithoutLoss(DataType type, String values) {
        Tensor tensor = read(values, type, -1);
        String written = new String(Json.write(json -> TensorText.write(json, "x", tensor)), StandardCharsets.UTF_8);
        assertThat(written)
                .isEqualTo("{\"name\":\"x\",\"datatype\":\"" + type + "\",\"shape\":[2],\"data\":" + values + "}");
        String request = "{\"inputs\":[" + written + "]}";
        assertThat(TensorReader.inputs(json(request), signature())).containsEntry("x", tensor);
    }

    @ParameterizedTest
    @CsvSource({
        "INT8, 128",
        "UINT8, -1",
        "UINT16, 65536",
        "INT32, 2147483648",
        "UINT64, 18446744073709551616",
        "INT64, 1.5",
        "FP32, '\"1\"'",
        "BOOL, 1",
        "BYTES, 1"
    })
    void whatATypeCannotHoldIsRefused(DataType type, String value) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> read("[" + value + "]", type, -1))
                .withMessageStartingWith("'x' takes ");
    }

    @Test
    void rowsOfDifferentLengthAreRefused() {
        refused("[[1, 2], [3]]", "rows have to be of one length");
        refused("[[1], [2, 3]]", "rows have to be of one length");
        refused("{\"y\": [1]}", "has no input 'y'; it has [x FP32[-1, 2]]");
        refused("{\"inputs\": [{\"name\": \"x\", \"datatype\": \"float\"}]}", "has to be one of");
    }

    private static void refused(String json, String why) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> read(json, DataType.FP32, -1, 2))
                .withMessageContaining(why);
    }

    @Test
    void severalInputsAreGivenByName() {
        ModelSignature two =
                signature(new TensorSpec("a", DataType.INT64, -1), new TensorSpec("b", DataType.INT64, -1));
        assertThat(TensorReader.inputs(json("{\"a\": [1], \"b\": [2]}"), two))
                .containsOnlyKeys("a", "b")
                .containsEntry("b", Tensor.ofLongs(new long[] {1}, 2));
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> TensorReader.inputs(json("[1]"), two))
                .withMessageContaining("a INT64[-1]");
    }

    @Test
    void aLineShowsWhatFits() {
        Tensor tensor = Tensor.ofFloats(new long[] {1, 3}, 0.25f, 0.5f, 0.25f);
        assertThat(TensorText.line("p", tensor, 80)).isEqualTo("p FP32[1, 3]: 0.25, 0.5, 0.25");
        assertThat(Stream.of(20, 25).map(width -> TensorText.line("p", tensor, width)))
                .containsExactly("p FP32[1, 3]: 0.2...", "p FP32[1, 3]: 0.25, 0....");
    }
}
