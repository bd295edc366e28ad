package forge.ai.runtime.server.tensorflow;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.server.openinference.Bfloat16;
import forge.ai.runtime.server.openinference.TensorWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Writes a tensor as nested arrays, whole or row by row. What JSON has no number for is written as TensorFlow Serving
 * does, bare; bytes that are no text, and all of an output whose name ends with {@code _bytes}, as
 * {@code {"b64": "..."}}.
 */
final class Values {

    private final String name;
    private final DataType type;
    private final long[] shape;
    private final ByteBuffer data;
    private final List<byte[]> texts;
    private int next;

    Values(String name, Tensor tensor) {
        this.name = name;
        this.type = tensor.type();
        this.shape = tensor.shape();
        this.texts = type == DataType.BYTES ? tensor.bytes() : List.of();
        this.data = type == DataType.BYTES ? ByteBuffer.allocate(0) : tensor.data();
    }

    /** How many rows there are. */
    long rows() {
        if (shape.length == 0) {
            throw new InvalidRequestException(
                    "the output " + name + " has no rows; ask by columns (\"inputs\" in the place of \"instances\")");
        }
        return shape[0];
    }

    /** All of it. */
    void whole(JsonGenerator json) throws IOException {
        nested(json, 0);
    }

    /** The next row. */
    void row(JsonGenerator json) throws IOException {
        nested(json, 1);
    }

    /** The next value alone. */
    void element(JsonGenerator json) throws IOException {
        nested(json, shape.length);
    }

    private void nested(JsonGenerator json, int depth) throws IOException {
        if (depth >= shape.length) {
            value(json);
            return;
        }
        json.writeStartArray();
        for (long i = 0; i < shape[depth]; i++) {
            nested(json, depth + 1);
        }
        json.writeEndArray();
    }

    private void value(JsonGenerator json) throws IOException {
        switch (type) {
            case FP32 -> number(json, data.getFloat());
            case FP64 -> number(json, data.getDouble());
            case FP16 -> number(json, Float.float16ToFloat(data.getShort()));
            case BF16 -> number(json, Bfloat16.toFloat(data.getShort()));
            case INT64 -> json.writeNumber(data.getLong());
            case BYTES -> text(json, texts.get(next++));
            default -> TensorWriter.other(json, type, data);
        }
    }

    private static void number(JsonGenerator json, float value) throws IOException {
        if (Float.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeRawValue(Float.toString(value));
        }
    }

    private static void number(JsonGenerator json, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeRawValue(Double.toString(value));
        }
    }

    private void text(JsonGenerator json, byte[] bytes) throws IOException {
        if (!name.endsWith("_bytes")) {
            try {
                json.writeString(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString());
                return;
            } catch (CharacterCodingException e) {
                // Written as bytes below.
            }
        }
        json.writeStartObject();
        json.writeStringField("b64", Base64.getEncoder().encodeToString(bytes));
        json.writeEndObject();
    }
}
