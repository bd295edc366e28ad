package forge.ai.runtime.testkit.model;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads tensors written as {@code {name, dtype, shape, data}}, with the data flat and row by row. */
public final class JsonTensors {

    private JsonTensors() {}

    /** By name, in the order of the array; what has no {@code dtype} is no tensor and left out. */
    public static Map<String, Tensor> byName(JsonNode array) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (JsonNode one : array) {
            if (one.has("dtype")) {
                tensors.put(one.get("name").textValue(), of(one));
            }
        }
        return tensors;
    }

    public static Tensor of(JsonNode json) {
        List<Long> sizes = new ArrayList<>();
        json.get("shape").forEach(size -> sizes.add(size.longValue()));
        long[] shape = sizes.stream().mapToLong(Long::longValue).toArray();
        DataType type = type(json.get("dtype").textValue());
        if (type == DataType.BYTES) {
            List<String> texts = new ArrayList<>();
            json.get("data").forEach(text -> texts.add(text.textValue()));
            return Tensor.ofStrings(shape, texts);
        }
        ByteBuffer numbers = Tensor.allocate(type, Tensor.elements(shape));
        json.get("data").forEach(number -> put(numbers, type, number));
        return Tensor.of(type, shape, numbers.flip());
    }

    /** From NumPy's names. */
    private static DataType type(String name) {
        return switch (name) {
            case "string" -> DataType.BYTES;
            case "bfloat16" -> DataType.BF16;
            default -> DataType.valueOf(name.replace("float", "FP").toUpperCase(Locale.ROOT));
        };
    }

    private static void put(ByteBuffer into, DataType type, JsonNode number) {
        double value = number.isNull() ? Double.NaN : number.doubleValue();
        switch (type) {
            case BOOL -> into.put((byte) (number.booleanValue() ? 1 : 0));
            case UINT8, INT8 -> into.put((byte) number.intValue());
            case UINT16, INT16 -> into.putShort((short) number.intValue());
            case UINT32, INT32 -> into.putInt((int) number.longValue());
            case UINT64, INT64 -> into.putLong(number.bigIntegerValue().longValue());
            case FP16 -> into.putShort(Float.floatToFloat16((float) value));
            case BF16 -> into.putShort((short) (Float.floatToRawIntBits((float) value) >>> 16));
            case FP32 -> into.putFloat((float) value);
            case FP64 -> into.putDouble(value);
            case BYTES -> throw new IllegalArgumentException("texts are no numbers");
        }
    }
}
