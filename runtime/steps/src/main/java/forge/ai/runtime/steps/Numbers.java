package forge.ai.runtime.steps;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;

/** The numbers of a tensor of any numeric type, one by one. */
record Numbers(DataType type, ByteBuffer data) {

    static Numbers of(Tensor tensor) {
        if (tensor.type() == DataType.BYTES) {
            throw new InvalidRequestException(tensor + " holds no numbers");
        }
        return new Numbers(tensor.type(), tensor.data());
    }

    /** Zeros to be written over. */
    static Numbers zeros(DataType type, int elements) {
        return new Numbers(type, Tensor.allocate(type, elements));
    }

    Tensor tensor(long[] shape) {
        return Tensor.of(type, shape, data);
    }

    boolean fractional() {
        return switch (type) {
            case FP16, BF16, FP32, FP64 -> true;
            default -> false;
        };
    }

    double get(int place) {
        return switch (type) {
            case FP16 -> Float.float16ToFloat(data.getShort(2 * place));
            case BF16 -> Float.intBitsToFloat(data.getShort(2 * place) << 16);
            case FP32 -> data.getFloat(4 * place);
            case FP64 -> data.getDouble(8 * place);
            case UINT64 -> unsigned(data.getLong(8 * place));
            default -> whole(place);
        };
    }

    private static double unsigned(long bits) {
        // The lowest bit is kept, so that what lies between two doubles is rounded as if it had been there whole.
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }

    /** The number as a whole one; of a UINT64 its bits, of a fraction what is before the point. */
    long whole(int place) {
        return switch (type) {
            case BOOL -> data.get(place) == 0 ? 0 : 1;
            case UINT8 -> data.get(place) & 0xFF;
            case UINT16 -> data.getShort(2 * place) & 0xFFFF;
            case UINT32 -> data.getInt(4 * place) & 0xFFFFFFFFL;
            case UINT64, INT64 -> data.getLong(8 * place);
            case INT8 -> data.get(place);
            case INT16 -> data.getShort(2 * place);
            case INT32 -> data.getInt(4 * place);
            case FP16, BF16, FP32, FP64 -> (long) get(place);
            case BYTES -> throw new IllegalStateException();
        };
    }

    void put(int place, double value) {
        switch (type) {
            case FP16 -> data.putShort(2 * place, Float.floatToFloat16((float) value));
            case BF16 -> data.putShort(2 * place, bfloat16((float) value));
            case FP32 -> data.putFloat(4 * place, (float) value);
            case FP64 -> data.putDouble(8 * place, value);
            case BOOL -> data.put(place, (byte) (value == 0 ? 0 : 1));
            case UINT64 -> data.putLong(8 * place, toUnsigned(value));
            default -> putWhole(place, (long) value);
        }
    }

    private static long toUnsigned(double value) {
        if (value < 0x1p63) {
            return (long) Math.max(0, value);
        }
        return value < 0x1p64 ? (long) (value - 0x1p63) + Long.MIN_VALUE : -1;
    }

    /** The nearest one; of two as near, the even one. */
    private static short bfloat16(float number) {
        int bits = Float.floatToRawIntBits(number);
        return Float.isNaN(number)
                ? (short) ((bits >>> 16) | 0x40)
                : (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** Puts a whole number, or the nearest that the type has. */
    void putWhole(int place, long value) {
        switch (type) {
            case BOOL -> data.put(place, (byte) (value == 0 ? 0 : 1));
            case UINT8 -> data.put(place, (byte) Math.clamp(value, 0, 0xFF));
            case UINT16 -> data.putShort(2 * place, (short) Math.clamp(value, 0, 0xFFFF));
            case UINT32 -> data.putInt(4 * place, (int) Math.clamp(value, 0L, 0xFFFFFFFFL));
            case UINT64 -> data.putLong(8 * place, Math.max(0, value));
            case INT8 -> data.put(place, (byte) Math.clamp(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case INT16 -> data.putShort(2 * place, (short) Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT32 -> data.putInt(4 * place, Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT64 -> data.putLong(8 * place, value);
            case FP16, BF16, FP32, FP64 -> put(place, value);
            case BYTES -> throw new IllegalStateException();
        }
    }
}
