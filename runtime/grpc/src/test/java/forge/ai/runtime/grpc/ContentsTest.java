package forge.ai.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.grpc.protocol.InferTensorContents;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class ContentsTest {

    private static final long[] SHAPE = {2, 3};

    /** All bits of all types come back, whatever the numbers are. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            mode = Mode.EXCLUDE,
            names = {"FP16", "BF16", "BYTES", "BOOL"})
    void numbersComeBackAsTheyWere(DataType type) throws Exception {
        Random random = new Random(type.ordinal());
        for (int round = 0; round < 100; round++) {
            byte[] bytes = new byte[6 * type.bytes()];
            random.nextBytes(bytes);
            Tensor tensor = Tensor.of(type, SHAPE, ByteBuffer.wrap(bytes));
            // Over the wire: what is no number in floating point must survive that too.
            InferTensorContents sent =
                    InferTensorContents.parseFrom(Contents.write(tensor).toByteArray());
            assertThat(Contents.read(type, SHAPE, sent, "x")).isEqualTo(tensor);
        }
    }

    @Test
    void truthsAndBytesComeBackAsTheyWere() {
        Tensor truths = Tensor.of(DataType.BOOL, SHAPE, ByteBuffer.wrap(new byte[] {0, 1, 1, 0, 0, 1}));
        assertThat(Contents.read(DataType.BOOL, SHAPE, Contents.write(truths), "x"))
                .isEqualTo(truths);
        Tensor bytes = Tensor.ofBytes(new long[] {3}, List.of(new byte[0], new byte[] {-1, 0, 7}, new byte[] {9}));
        assertThat(Contents.read(DataType.BYTES, new long[] {3}, Contents.write(bytes), "x"))
                .isEqualTo(bytes);
    }

    @Test
    void theFieldsAreThoseOfTheProtocol() {
        assertThat(Contents.write(Tensor.of(DataType.UINT16, new long[] {1}, ByteBuffer.wrap(new byte[] {-1, -1})))
                        .getUintContents(0))
                .isEqualTo(0xFFFF);
        assertThat(Contents.write(Tensor.of(DataType.INT8, new long[] {1}, ByteBuffer.wrap(new byte[] {-3})))
                        .getIntContents(0))
                .isEqualTo(-3);
    }

    @Test
    void whatDoesNotFitIsRefusedWithWhatIsExpected() {
        InferTensorContents number =
                InferTensorContents.newBuilder().addIntContents(300).build();
        refused(DataType.INT8, number, "-128 to 127");
        refused(DataType.INT64, number, "0 values in int64_contents and 1 in others");
        refused(DataType.FP16, number, "raw_input_contents");
        refused(DataType.INT32, number.toBuilder().addIntContents(1).build(), "expected for INT32[1]: 1");
        refused(DataType.INT32, number.toBuilder().addFp32Contents(1).build(), "1 in others");
        refused(
                DataType.UINT16,
                InferTensorContents.newBuilder().addUintContents(-1).build(),
                "0 to 65535");
    }

    private static void refused(DataType type, InferTensorContents contents, String told) {
        assertThatThrownBy(() -> Contents.read(type, new long[] {1}, contents, "inputs[0].contents"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("inputs[0].contents")
                .hasMessageContaining(told);
    }
}
