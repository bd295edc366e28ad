package forge.ai.runtime.inference;

import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * How far two answers are apart.
 *
 * @param size the largest of {@code |a - b| / (1 + max(|a|, |b|))} over all numbers; infinite if they differ in another way
 * @param output where it is; empty if they are equal
 */
record Difference(double size, String output) {

    static final Difference NONE = new Difference(0, "");

    static Difference between(Map<String, Tensor> first, Map<String, Tensor> second) {
        Difference largest = NONE;
        for (Map.Entry<String, Tensor> output : first.entrySet()) {
            Tensor other = second.get(output.getKey());
            double size = other == null ? Double.POSITIVE_INFINITY : between(output.getValue(), other);
            largest = largest.or(new Difference(size, output.getKey()));
        }
        return largest;
    }

    Difference or(Difference other) {
        return other.size > size ? other : this;
    }

    private static double between(Tensor first, Tensor second) {
        if (first.type() != second.type() || !Arrays.equals(first.shape(), second.shape())) {
            return Double.POSITIVE_INFINITY;
        }
        return switch (first.type()) {
            case BYTES, BOOL -> first.equals(second) ? 0 : Double.POSITIVE_INFINITY;
            default -> numbers(first, second);
        };
    }

    private static double numbers(Tensor first, Tensor second) {
        ByteBuffer a = first.data().order(java.nio.ByteOrder.LITTLE_ENDIAN);
        ByteBuffer b = second.data().order(java.nio.ByteOrder.LITTLE_ENDIAN);
        double largest = 0;
        while (a.hasRemaining()) {
            largest = Math.max(largest, between(next(first, a), next(second, b)));
        }
        return largest;
    }

    private static double between(double a, double b) {
        if (Double.compare(a, b) == 0 || a == b) {
            return 0;
        }
        double size = Math.abs(a - b) / (1 + Math.max(Math.abs(a), Math.abs(b)));
        return Double.isNaN(size) ? Double.POSITIVE_INFINITY : size;
    }

    private static double next(Tensor tensor, ByteBuffer data) {
        return switch (tensor.type()) {
            case FP32 -> data.getFloat();
            case FP64 -> data.getDouble();
            case FP16 -> Float.float16ToFloat(data.getShort());
            case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
            case INT64 -> data.getLong();
            case INT32 -> data.getInt();
            case INT16 -> data.getShort();
            case INT8 -> data.get();
            case UINT64 -> unsigned(data.getLong());
            case UINT32 -> Integer.toUnsignedLong(data.getInt());
            case UINT16 -> Short.toUnsignedInt(data.getShort());
            case UINT8 -> Byte.toUnsignedInt(data.get());
            case BOOL, BYTES -> throw new IllegalArgumentException("no numbers");
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : 2.0 * ((bits >>> 1) | (bits & 1));
    }
}
