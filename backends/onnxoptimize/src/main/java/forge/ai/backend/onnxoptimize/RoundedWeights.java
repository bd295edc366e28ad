package forge.ai.backend.onnxoptimize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A matrix rounded to 8 bits, each column by its own scale so that its largest number becomes 127, and moved up by 128:
 * products of unsigned numbers cannot overflow in the arithmetic of older processors, as those with signed ones can.
 *
 * @param rows of the matrix as it is multiplied
 * @param columns the same
 * @param values row by row, unsigned
 * @param scales of the columns
 */
record RoundedWeights(int rows, int columns, byte[] values, float[] scales) {

    static final int ZERO = 128;
    static final int FLOAT = 1;

    private static final int LIMIT = 127;

    /**
     * Empty if the tensor is no matrix of FP32, or has no or no finite numbers.
     *
     * @param transposed whether it lies column by column
     * @param factor by which it is multiplied first
     */
    static Optional<RoundedWeights> of(ProtoMessage tensor, boolean transposed, float factor) {
        var dimensions = tensor.numbers(OnnxFile.TENSOR_DIMENSION);
        Optional<ByteBuffer> numbers = tensor.bytes(OnnxFile.TENSOR_RAW).or(() -> tensor.bytes(OnnxFile.TENSOR_FLOATS));
        if (tensor.number(OnnxFile.TENSOR_TYPE, 0) != FLOAT || dimensions.size() != 2 || numbers.isEmpty()) {
            return Optional.empty();
        }
        int outer = Math.toIntExact(dimensions.get(0));
        int inner = Math.toIntExact(dimensions.get(1));
        ByteBuffer data = numbers.get();
        if (outer == 0 || inner == 0 || data.remaining() != (long) outer * inner * Float.BYTES) {
            return Optional.empty();
        }
        return round(data, transposed ? inner : outer, transposed ? outer : inner, transposed, factor);
    }

    private static Optional<RoundedWeights> round(
            ByteBuffer data, int rows, int columns, boolean transposed, float factor) {
        byte[] values = new byte[rows * columns];
        float[] scales = new float[columns];
        for (int column = 0; column < columns; column++) {
            float most = 0;
            for (int row = 0; row < rows; row++) {
                most = Math.max(most, Math.abs(at(data, rows, columns, row, column, transposed) * factor));
            }
            if (!Float.isFinite(most)) {
                return Optional.empty();
            }
            float scale = most == 0 ? 1 : most / LIMIT;
            scales[column] = scale;
            for (int row = 0; row < rows; row++) {
                float value = at(data, rows, columns, row, column, transposed) * factor;
                values[row * columns + column] = (byte) (Math.clamp(Math.round(value / scale), -LIMIT, LIMIT) + ZERO);
            }
        }
        return Optional.of(new RoundedWeights(rows, columns, values, scales));
    }

    private static float at(ByteBuffer data, int rows, int columns, int row, int column, boolean transposed) {
        int place = transposed ? column * rows + row : row * columns + column;
        return data.getFloat(data.position() + place * Float.BYTES);
    }

    ByteBuffer scaleBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(scales.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(scales);
        return bytes;
    }
}
