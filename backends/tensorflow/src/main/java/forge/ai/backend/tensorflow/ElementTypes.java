package forge.ai.backend.tensorflow;

import forge.ai.api.UnsupportedException;
import forge.ai.api.tensor.DataType;
import java.util.EnumMap;
import java.util.Map;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** The element types that TensorFlow's Java interface can hand over. */
final class ElementTypes {

    private static final Map<org.tensorflow.proto.DataType, DataType> TYPES = new EnumMap<>(Map.ofEntries(
            Map.entry(org.tensorflow.proto.DataType.DT_BOOL, DataType.BOOL),
            Map.entry(org.tensorflow.proto.DataType.DT_UINT8, DataType.UINT8),
            Map.entry(org.tensorflow.proto.DataType.DT_UINT16, DataType.UINT16),
            Map.entry(org.tensorflow.proto.DataType.DT_INT32, DataType.INT32),
            Map.entry(org.tensorflow.proto.DataType.DT_INT64, DataType.INT64),
            Map.entry(org.tensorflow.proto.DataType.DT_HALF, DataType.FP16),
            Map.entry(org.tensorflow.proto.DataType.DT_BFLOAT16, DataType.BF16),
            Map.entry(org.tensorflow.proto.DataType.DT_FLOAT, DataType.FP32),
            Map.entry(org.tensorflow.proto.DataType.DT_DOUBLE, DataType.FP64),
            Map.entry(org.tensorflow.proto.DataType.DT_STRING, DataType.BYTES)));

    private ElementTypes() {}

    /** @param name of the input or output, for the message */
    static DataType of(org.tensorflow.proto.DataType type, String name) {
        DataType known = TYPES.get(type);
        if (known == null) {
            throw new UnsupportedException(
                    "%s has elements of %s; supported: %s".formatted(name, type, TYPES.keySet()));
        }
        return known;
    }

    static Class<? extends TType> tensorFlow(DataType type) {
        return switch (type) {
            case BOOL -> TBool.class;
            case UINT8 -> TUint8.class;
            case UINT16 -> TUint16.class;
            case INT32 -> TInt32.class;
            case INT64 -> TInt64.class;
            case FP16 -> TFloat16.class;
            case BF16 -> TBfloat16.class;
            case FP32 -> TFloat32.class;
            case FP64 -> TFloat64.class;
            case BYTES -> TString.class;
            case INT8, INT16, UINT32, UINT64 ->
                throw new UnsupportedException("TensorFlow takes no tensors of " + type);
        };
    }
}
