package forge.ai.backend.pytorch;

import forge.ai.api.tensor.DataType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The element types of PyTorch that the protocol knows. */
final class ElementTypes {

    private static final Map<DataType, ai.djl.ndarray.types.DataType> TYPES = new EnumMap<>(Map.ofEntries(
            Map.entry(DataType.BOOL, ai.djl.ndarray.types.DataType.BOOLEAN),
            Map.entry(DataType.UINT8, ai.djl.ndarray.types.DataType.UINT8),
            Map.entry(DataType.INT8, ai.djl.ndarray.types.DataType.INT8),
            Map.entry(DataType.INT16, ai.djl.ndarray.types.DataType.INT16),
            Map.entry(DataType.INT32, ai.djl.ndarray.types.DataType.INT32),
            Map.entry(DataType.INT64, ai.djl.ndarray.types.DataType.INT64),
            Map.entry(DataType.FP16, ai.djl.ndarray.types.DataType.FLOAT16),
            Map.entry(DataType.BF16, ai.djl.ndarray.types.DataType.BFLOAT16),
            Map.entry(DataType.FP32, ai.djl.ndarray.types.DataType.FLOAT32),
            Map.entry(DataType.FP64, ai.djl.ndarray.types.DataType.FLOAT64)));

    private ElementTypes() {}

    /** Empty for those that libtorch cannot be given. */
    static Optional<ai.djl.ndarray.types.DataType> torch(DataType type) {
        return Optional.ofNullable(TYPES.get(type));
    }

    /** Empty for complex and quantised numbers. */
    static Optional<DataType> of(ai.djl.ndarray.types.DataType type) {
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
