package forge.ai.console.shell;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Shows tensors: in one line for people, whole as JSON of the Open Inference Protocol. */
final class TensorText {

    private static final int MOST = 1000;

    private TensorText() {}

    /** Name, type, shape and as many values as fit. */
    static String line(String name, Tensor tensor, int columns) {
        int count = Math.min(tensor.elements(), MOST);
        List<?> values = values(tensor, count);
        String line = name + " " + tensor.type() + Arrays.toString(tensor.shape()) + ": "
                + values.stream().map(Values::text).collect(Collectors.joining(", "))
                + (count < tensor.elements() ? ", ..." : "");
        return line.length() <= columns ? line : line.substring(0, columns - 3) + "...";
    }

    /** As an element of {@code outputs}. */
    static void write(JsonGenerator json, String name, Tensor tensor) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("datatype", tensor.type().name());
        json.writeFieldName("shape");
        json.writeArray(tensor.shape(), 0, tensor.rank());
        json.writeArrayFieldStart("data");
        for (Object value : values(tensor, tensor.elements())) {
            Values.write(json, value);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static List<?> values(Tensor tensor, int count) {
        if (tensor.type() == DataType.BYTES) {
            return tensor.toStrings().subList(0, count);
        }
        ByteBuffer data = tensor.data();
        return IntStream.range(0, count)
                .mapToObj(i -> value(data, i, tensor.type()))
                .toList();
    }

    private static Object value(ByteBuffer data, int i, DataType type) {
        return switch (type) {
            case BOOL -> data.get(i) != 0;
            case INT8 -> (long) data.get(i);
            case UINT8 -> (long) Byte.toUnsignedInt(data.get(i));
            case INT16 -> (long) data.getShort(2 * i);
            case UINT16 -> (long) Short.toUnsignedInt(data.getShort(2 * i));
            case INT32 -> (long) data.getInt(4 * i);
            case UINT32 -> Integer.toUnsignedLong(data.getInt(4 * i));
            case INT64 -> data.getLong(8 * i);
            case UINT64 -> new BigInteger(Long.toUnsignedString(data.getLong(8 * i)));
            case FP16 -> Float.float16ToFloat(data.getShort(2 * i));
            case BF16 -> Float.intBitsToFloat(data.getShort(2 * i) << 16);
            case FP32 -> data.getFloat(4 * i);
            case FP64 -> data.getDouble(8 * i);
            case BYTES -> throw new IllegalArgumentException("texts are no numbers");
        };
    }
}
