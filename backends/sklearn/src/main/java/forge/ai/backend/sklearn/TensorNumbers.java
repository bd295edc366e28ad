package forge.ai.backend.sklearn;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;

/** The elements of numeric tensors of any type as doubles. */
final class TensorNumbers {

    private TensorNumbers() {}

    static boolean numeric(Tensor tensor) {
        return tensor.type() != DataType.BYTES;
    }

    static double[] of(Tensor tensor) {
        double[] values = new double[tensor.elements()];
        ByteBuffer data = tensor.data();
        if (tensor.type() == DataType.FP64) {
            data.asDoubleBuffer().get(values);
            return values;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (tensor.type()) {
                case FP32 -> data.getFloat();
                case FP16 -> Float.float16ToFloat(data.getShort());
                case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
                case BOOL, UINT8 -> data.get() & 0xFF;
                case INT8 -> data.get();
                case UINT16 -> data.getShort() & 0xFFFF;
                case INT16 -> data.getShort();
                case UINT32 -> data.getInt() & 0xFFFFFFFFL;
                case INT32 -> data.getInt();
                case INT64 -> data.getLong();
                case UINT64 -> unsigned(data.getLong());
                default -> throw new InvalidRequestException("numbers were expected, not " + tensor);
            };
        }
        return values;
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : (double) (bits >>> 1) * 2 + (bits & 1);
    }
}
