package forge.ai.runtime.server.openinference;

/** The upper half of a single precision number. */
public final class Bfloat16 {

    private Bfloat16() {}

    /** The nearest one; of two as near, the even one. */
    static short of(float number) {
        int bits = Float.floatToRawIntBits(number);
        if (Float.isNaN(number)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
