package forge.ai.api.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {

    @Test
    void rowsPutTogetherAgainAreTheSame() {
        Tensor whole = Tensor.ofFloats(new long[] {3, 2}, 1, 2, 3, 4, 5, 6);
        assertThat(whole.rows(1, 2).toFloats()).containsExactly(3, 4);
        assertThat(Tensor.concatenate(List.of(whole.rows(0, 1), whole.rows(1, 3))))
                .isEqualTo(whole);
        Tensor texts = Tensor.ofStrings(new long[] {2, 1}, List.of("a", "ü"));
        assertThat(Tensor.concatenate(List.of(texts.rows(0, 1), texts.rows(1, 2))))
                .isEqualTo(texts);
        assertThat(texts.rows(1, 2).toStrings()).containsExactly("ü");
    }

    @Test
    void aScalarHasOneElementAndNoRows() {
        Tensor scalar = Tensor.ofLongs(new long[0], 7);
        assertThat(scalar.elements()).isEqualTo(1);
        assertThatThrownBy(() -> scalar.rows(0, 1)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void anEmptyDimensionIsAllowed() {
        Tensor none = Tensor.ofFloats(new long[] {0, 4});
        assertThat(none.elements()).isZero();
        assertThat(none.rows(0, 0)).isEqualTo(none);
    }

    @Test
    void theNumberOfBytesMustFit() {
        assertThatThrownBy(() -> Tensor.of(DataType.FP32, new long[] {2}, ByteBuffer.allocate(7)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("a tensor FP32[2] holds 8 bytes, not 7");
        assertThatThrownBy(() -> Tensor.ofStrings(new long[] {2}, List.of("one")))
                .hasMessage("a tensor BYTES[2] holds 2 elements, not 1");
    }

    @Test
    void hostileShapesAreRefused() {
        assertThatThrownBy(() -> Tensor.elements(new long[] {1L << 33, 1L << 33}))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Tensor.elements(new long[] {-1})).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Tensor.elements(new long[] {0, Long.MIN_VALUE}))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Tensor.elements(new long[] {0, Long.MAX_VALUE}))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void onlyEqualRowsAreConcatenated() {
        Tensor a = Tensor.ofFloats(new long[] {1, 2}, 1, 2);
        assertThatThrownBy(() -> Tensor.concatenate(List.of(a, Tensor.ofFloats(new long[] {1, 3}, 1, 2, 3))))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Tensor.concatenate(List.of(a, Tensor.ofLongs(new long[] {1, 2}, 1, 2))))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aSpecificationSaysWhatItAccepts() {
        TensorSpec spec = new TensorSpec("x", DataType.FP32, -1, 4);
        assertThat(spec.accepts(Tensor.ofFloats(new long[] {1, 4}, 1, 2, 3, 4))).isTrue();
        assertThat(spec.accepts(Tensor.ofFloats(new long[] {4, 1}, 1, 2, 3, 4))).isFalse();
        assertThat(spec.accepts(Tensor.ofFloats(new long[] {4}, 1, 2, 3, 4))).isFalse();
        assertThat(spec).hasToString("x FP32[-1, 4]");
    }

    @Test
    void whereTheShapeIsUnknownOnlyTheTypeCounts() {
        TensorSpec spec = TensorSpec.ofAnyShape("x", DataType.FP32);
        assertThat(spec.accepts(Tensor.ofFloats(new long[] {}, 1))).isTrue();
        assertThat(spec.accepts(Tensor.ofFloats(new long[] {1, 2, 1}, 1, 2))).isTrue();
        assertThat(spec.accepts(Tensor.ofLongs(new long[] {1}, 1))).isFalse();
        assertThat(spec.shape()).containsExactly(-1);
        assertThat(spec)
                .hasToString("x FP32[...]")
                .isEqualTo(TensorSpec.ofAnyShape("x", DataType.FP32))
                .isNotEqualTo(new TensorSpec("x", DataType.FP32, -1));
    }

    @Test
    void valuesStayWhatTheyAre() {
        Tensor tensor = Tensor.ofFloats(new long[] {1}, 1);
        tensor.shape()[0] = 9;
        assertThat(tensor.shape()).containsExactly(1);
        assertThat(tensor.data().isReadOnly()).isTrue();
        assertThat(tensor).hasToString("FP32[1]");
    }
}
