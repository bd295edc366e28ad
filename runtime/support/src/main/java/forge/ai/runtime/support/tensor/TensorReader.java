package forge.ai.runtime.support.tensor;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads tensors as people write them: nested arrays whose type the model's signature tells. */
public final class TensorReader {

    private static final String BASE64 = "b64";

    private TensorReader() {}

    /** The inputs for a model, from any of the forms that the usage of {@code ai:infer} names. */
    public static Map<String, Tensor> inputs(JsonNode json, ModelSignature signature) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        if (json.path("inputs").isArray() && json.path("inputs").path(0).has("name")) {
            json.get("inputs").forEach(input -> inputs.put(input.path("name").asText(), explicit(input)));
        } else if (json.isObject()) {
            json.properties()
                    .forEach(input ->
                            inputs.put(input.getKey(), nested(input.getValue(), spec(signature, input.getKey()))));
        } else if (signature.inputs().size() == 1) {
            TensorSpec spec = signature.inputs().getFirst();
            inputs.put(spec.name(), nested(json, spec));
        } else {
            throw new InvalidRequestException(
                    "the model has the inputs " + names(signature) + "; give an object with a value for each");
        }
        return inputs;
    }

    private static TensorSpec spec(ModelSignature signature, String name) {
        return signature
                .input(name)
                .orElseThrow(() -> new InvalidRequestException(
                        "the model has no input '" + name + "'; it has " + names(signature)));
    }

    private static List<String> names(ModelSignature signature) {
        return signature.inputs().stream().map(TensorSpec::toString).toList();
    }

    /** A tensor with name, datatype, shape and data, flat or nested. */
    private static Tensor explicit(JsonNode input) {
        String name = input.path("name").asText();
        DataType type;
        try {
            type = DataType.valueOf(input.path("datatype").asText());
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(
                    "the datatype of '" + name + "' has to be one of " + List.of(DataType.values()));
        }
        List<JsonNode> elements = new ArrayList<>();
        flatten(input.path("data"), elements);
        long[] shape = new long[input.path("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = input.path("shape").get(i).longValue();
        }
        return tensor(name, type, shape, elements);
    }

    /** The dimensions of nested arrays, as the first ones of each depth tell. */
    public static List<Long> shape(JsonNode values) {
        List<Long> shape = new ArrayList<>();
        for (JsonNode at = values; at.isArray(); at = at.path(0)) {
            shape.add((long) at.size());
        }
        return shape;
    }

    /**
     * A tensor of nested arrays.
     *
     * @param name for errors
     * @throws InvalidRequestException if a value is not of the type, or there are more or fewer than the shape says
     */
    public static Tensor tensor(String name, DataType type, long[] shape, JsonNode values) {
        List<JsonNode> elements = new ArrayList<>();
        flatten(values, elements);
        return tensor(name, type, shape, elements);
    }

    /** Nested arrays; the first dimension may be left out where the model takes batches. */
    private static Tensor nested(JsonNode values, TensorSpec spec) {
        List<Long> shape = shape(values);
        List<JsonNode> elements = new ArrayList<>();
        flatten(values, elements);
        if (shape.size() == spec.shape().length - 1) {
            shape.addFirst(1L);
        }
        return tensor(
                spec.name(),
                spec.type(),
                shape.stream().mapToLong(Long::longValue).toArray(),
                elements);
    }

    private static void flatten(JsonNode values, List<JsonNode> elements) {
        if (values.isArray()) {
            values.forEach(value -> flatten(value, elements));
        } else {
            elements.add(values);
        }
    }

    private static Tensor tensor(String name, DataType type, long[] shape, List<JsonNode> elements) {
        if (Tensor.elements(shape) != elements.size()) {
            throw new InvalidRequestException("'" + name + "' has " + elements.size() + " values, not the "
                    + Tensor.elements(shape) + " of its shape " + Arrays.toString(shape)
                    + "; rows have to be of one length");
        }
        if (type == DataType.BYTES) {
            return Tensor.ofBytes(
                    shape, elements.stream().map(value -> text(name, value)).toList());
        }
        ByteBuffer buffer = Tensor.allocate(type, elements.size());
        elements.forEach(value -> put(buffer, type, checked(name, type, value)));
        return Tensor.of(type, shape, buffer.flip());
    }

    /** A text, or bytes as {@code {"b64": "..."}}. */
    private static byte[] text(String name, JsonNode value) {
        if (value.isTextual()) {
            return value.textValue().getBytes(StandardCharsets.UTF_8);
        }
        JsonNode encoded = value.path(BASE64);
        if (value.size() == 1 && encoded.isTextual()) {
            try {
                return Base64.getDecoder().decode(encoded.textValue());
            } catch (IllegalArgumentException e) {
                throw new InvalidRequestException(
                        "'" + name + "' has something after " + BASE64 + " that is not Base64");
            }
        }
        throw new InvalidRequestException("'" + name + "' takes texts, not " + value);
    }

    private static JsonNode checked(String name, DataType type, JsonNode value) {
        boolean right = switch (type) {
            case BOOL -> value.isBoolean();
            case FP16, BF16, FP32, FP64 -> value.isNumber();
            default -> value.isIntegralNumber() && fits(value.bigIntegerValue(), type);
        };
        if (!right) {
            throw new InvalidRequestException("'" + name + "' takes " + type + ", not " + value);
        }
        return value;
    }

    private static boolean fits(BigInteger value, DataType type) {
        int bits = 8 * type.bytes();
        boolean unsigned = type.name().startsWith("U");
        return unsigned ? value.signum() >= 0 && value.bitLength() <= bits : value.bitLength() < bits;
    }

    private static void put(ByteBuffer buffer, DataType type, JsonNode value) {
        switch (type) {
            case BOOL -> buffer.put((byte) (value.booleanValue() ? 1 : 0));
            case INT8, UINT8 -> buffer.put((byte) value.intValue());
            case INT16, UINT16 -> buffer.putShort((short) value.intValue());
            case INT32, UINT32 -> buffer.putInt((int) value.longValue());
            case INT64, UINT64 -> buffer.putLong(value.bigIntegerValue().longValue());
            case FP16 -> buffer.putShort(Float.floatToFloat16(value.floatValue()));
            case BF16 -> buffer.putShort((short) (Float.floatToRawIntBits(value.floatValue()) >>> 16));
            case FP32 -> buffer.putFloat(value.floatValue());
            case FP64 -> buffer.putDouble(value.doubleValue());
            case BYTES -> throw new IllegalArgumentException("texts are no numbers");
        }
    }
}
