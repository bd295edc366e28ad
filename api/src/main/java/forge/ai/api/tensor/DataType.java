package forge.ai.api.tensor;

/** Element types, named as in the Open Inference Protocol, version 2. */
public enum DataType {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    /** IEEE 754 half precision. */
    FP16(2),
    /** The upper half of an {@link #FP32}. */
    BF16(2),
    FP32(4),
    FP64(8),
    /** Byte strings of any length; texts are UTF-8. */
    BYTES(0);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element in bytes; 0 for {@link #BYTES}, whose elements differ in length. */
    public int bytes() {
        return bytes;
    }
}
