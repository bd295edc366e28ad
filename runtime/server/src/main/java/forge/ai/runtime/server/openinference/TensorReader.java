package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the values of one tensor, flat in row-major order or nested as its shape says, into its buffer. */
final class TensorReader {

    private static final BigInteger UNSIGNED_LIMIT = BigInteger.ONE.shiftLeft(64);

    private final JsonParser parser;
    private final String at;
    private final int most;

    /** @param most more elements than that cannot be there, because the document is too short for them */
    TensorReader(JsonParser parser, String at, int most) {
        this.parser = parser;
        this.at = at;
        this.most = most;
    }

    /** Reads on from the start of the outermost array to its end. */
    Tensor read(DataType type, long[] shape) throws IOException {
        int elements = Tensor.elements(shape);
        if (elements > most) {
            throw count(shape, elements);
        }
        if (type == DataType.BYTES) {
            List<byte[]> texts = new ArrayList<>(elements);
            array(0, shape, elements, () -> texts.add(text()));
            return checked(shape, elements, texts.size(), () -> Tensor.ofBytes(shape, texts));
        }
        // On the heap: a buffer outside of it costs more to get than small tensors to copy.
        ByteBuffer numbers = ByteBuffer.allocate(elements * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        array(0, shape, elements, () -> {
            if (!numbers.hasRemaining()) {
                throw count(shape, elements);
            }
            put(type, numbers);
        });
        int found = numbers.position() / type.bytes();
        return checked(shape, elements, found, () -> Tensor.of(type, shape, numbers.flip()));
    }

    private interface Step {
        void run() throws IOException;
    }

    private Tensor checked(long[] shape, int elements, int found, java.util.function.Supplier<Tensor> tensor) {
        if (found != elements) {
            throw count(shape, elements);
        }
        return tensor.get();
    }

    private InvalidRequestException count(long[] shape, int elements) {
        return refused("the number of values is not that of the shape %s; expected: %d"
                .formatted(Arrays.toString(shape), elements));
    }

    private void array(int depth, long[] shape, int elements, Step value) throws IOException {
        long children = 0;
        boolean nested = false;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.START_ARRAY && depth + 1 < shape.length) {
                nested = true;
                array(depth + 1, shape, elements, value);
            } else if (nested || (depth > 0 && depth + 1 < shape.length)) {
                throw nesting(shape);
            } else {
                value.run();
            }
            children++;
        }
        boolean flat = depth == 0 && !nested;
        if (!flat && children != shape[depth]) {
            throw nesting(shape);
        }
    }

    private InvalidRequestException nesting(long[] shape) {
        return refused("the lists are not nested as the shape %s says; expected: so, or one flat list"
                .formatted(Arrays.toString(shape)));
    }

    private byte[] text() throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw value(DataType.BYTES, "a text");
        }
        return parser.getText().getBytes(StandardCharsets.UTF_8);
    }

    private void put(DataType type, ByteBuffer into) throws IOException {
        switch (type) {
            case FP32 -> into.putFloat(single(type));
            case FP64 -> into.putDouble(number(type));
            case INT64 -> into.putLong(whole(type, Long.MIN_VALUE, Long.MAX_VALUE));
            case INT32 -> into.putInt((int) whole(type, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT16 -> into.putShort((short) whole(type, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT8 -> into.put((byte) whole(type, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case UINT64 -> into.putLong(unsigned());
            case UINT32 -> into.putInt((int) whole(type, 0, 0xFFFF_FFFFL));
            case UINT16 -> into.putShort((short) whole(type, 0, 0xFFFF));
            case UINT8 -> into.put((byte) whole(type, 0, 0xFF));
            case BOOL -> into.put(truth());
            case FP16 -> into.putShort(half());
            case BF16 -> into.putShort(Bfloat16.of(single(type)));
            case BYTES -> throw new IllegalArgumentException("texts are no numbers");
        }
    }

    private double number(DataType type) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
            double number = parser.getDoubleValue();
            if (Double.isInfinite(number) && !parser.isNaN()) {
                throw value(type, "numbers within its range");
            }
            return number;
        }
        return special(type);
    }

    private float single(DataType type) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
            float number = parser.getFloatValue();
            if (Float.isInfinite(number) && !parser.isNaN()) {
                throw value(type, "numbers within its range");
            }
            return number;
        }
        return (float) special(type);
    }

    private short half() throws IOException {
        float number = single(DataType.FP16);
        short half = Float.floatToFloat16(number);
        if (Float.isInfinite(Float.float16ToFloat(half)) && !Float.isInfinite(number)) {
            throw value(DataType.FP16, "numbers within its range");
        }
        return half;
    }

    /** What JSON has no numbers for is written as texts, as Protocol Buffers do. */
    private double special(DataType type) throws IOException {
        String text = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw value(type, "numbers");
        };
    }

    private long whole(DataType type, long least, long most) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw value(type, "whole numbers from " + least + " to " + most);
        }
        long number = parser.getLongValue();
        if (number < least || number > most) {
            throw value(type, "whole numbers from " + least + " to " + most);
        }
        return number;
    }

    private long unsigned() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                return whole(DataType.UINT64, 0, Long.MAX_VALUE);
            }
            BigInteger number = parser.getBigIntegerValue();
            if (number.signum() >= 0 && number.compareTo(UNSIGNED_LIMIT) < 0) {
                return number.longValue();
            }
        }
        throw value(DataType.UINT64, "whole numbers from 0 to 2^64 - 1");
    }

    private byte truth() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> 1;
            case VALUE_FALSE -> 0;
            case VALUE_NUMBER_INT -> (byte) whole(DataType.BOOL, 0, 1);
            default -> throw value(DataType.BOOL, "true or false");
        };
    }

    private InvalidRequestException value(DataType type, String what) throws IOException {
        String found = parser.currentToken().isScalarValue() ? parser.getText() : "a list or object";
        String shown = found.length() > 40 ? found.substring(0, 40) + "..." : found;
        return refused("a value is %s; expected for %s: %s".formatted(shown, type, what));
    }

    private InvalidRequestException refused(String message) {
        return new InvalidRequestException(at + ": " + message, ErrorDetails.NONE.withParameter(at));
    }
}
