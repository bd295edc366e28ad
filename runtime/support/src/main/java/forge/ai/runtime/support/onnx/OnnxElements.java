package forge.ai.runtime.support.onnx;

import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.tensor.DataType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The element types of ONNX that the protocol knows, by their number in {@code TensorProto.DataType}. */
public final class OnnxElements {

    /** Stands for a type whose number is not known. */
    public static final int UNKNOWN = 0;

    private static final long MOST_BYTES = Integer.MAX_VALUE;

    private static final Map<DataType, Integer> NUMBERS = new EnumMap<>(Map.ofEntries(
            Map.entry(DataType.FP32, 1),
            Map.entry(DataType.UINT8, 2),
            Map.entry(DataType.INT8, 3),
            Map.entry(DataType.UINT16, 4),
            Map.entry(DataType.INT16, 5),
            Map.entry(DataType.INT32, 6),
            Map.entry(DataType.INT64, 7),
            Map.entry(DataType.BYTES, 8),
            Map.entry(DataType.BOOL, 9),
            Map.entry(DataType.FP16, 10),
            Map.entry(DataType.FP64, 11),
            Map.entry(DataType.UINT32, 12),
            Map.entry(DataType.UINT64, 13),
            Map.entry(DataType.BF16, 16)));

    private static final Map<Integer, DataType> TYPES =
            NUMBERS.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private OnnxElements() {}

    /** Empty for complex numbers, 8-bit floats and 4-bit integers. */
    public static Optional<DataType> type(int number) {
        return Optional.ofNullable(TYPES.get(number));
    }

    public static int number(DataType type) {
        return NUMBERS.get(type);
    }

    /**
     * The number of elements of an output.
     *
     * @throws ResourceExhaustedException if a tensor cannot hold as many
     */
    public static int count(long[] shape) {
        return bytes(DataType.UINT8, shape);
    }

    /**
     * The size of an output in bytes.
     *
     * @throws ResourceExhaustedException if a tensor cannot hold as many
     */
    public static int bytes(DataType type, long[] shape) {
        long bytes = type.bytes();
        for (long dimension : shape) {
            bytes = dimension == 0 || bytes == 0
                    ? 0
                    : bytes > MOST_BYTES / dimension ? MOST_BYTES + 1 : bytes * dimension;
        }
        if (bytes > MOST_BYTES) {
            throw new ResourceExhaustedException(
                    "an output of %s%s is larger than 2 GiB".formatted(type, Arrays.toString(shape)));
        }
        return (int) bytes;
    }
}
