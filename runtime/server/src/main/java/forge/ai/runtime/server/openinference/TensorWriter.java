package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.UnsupportedException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Writes the values of tensors as flat lists. What JSON has no number for (NaN, infinities) becomes a text. */
public final class TensorWriter {

    private TensorWriter() {}

    static void write(JsonGenerator json, String name, Tensor tensor) throws IOException {
        json.writeStartArray();
        ByteBuffer data = tensor.data();
        int count = tensor.elements();
        switch (tensor.type()) {
            case FP32 -> {
                for (int i = 0; i < count; i++) {
                    json.writeNumber(data.getFloat());
                }
            }
            case FP64 -> {
                for (int i = 0; i < count; i++) {
                    json.writeNumber(data.getDouble());
                }
            }
            case INT64 -> {
                for (int i = 0; i < count; i++) {
                    json.writeNumber(data.getLong());
                }
            }
            case BYTES -> {
                for (byte[] text : tensor.bytes()) {
                    json.writeString(text(name, text));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    other(json, tensor.type(), data);
                }
            }
        }
        json.writeEndArray();
    }

    /** Writes the next value of types that are neither texts nor FP32, FP64 or INT64. */
    public static void other(JsonGenerator json, DataType type, ByteBuffer data) throws IOException {
        switch (type) {
            case INT32 -> json.writeNumber(data.getInt());
            case INT16 -> json.writeNumber(data.getShort());
            case INT8 -> json.writeNumber((int) data.get());
            case UINT64 -> unsigned(json, data.getLong());
            case UINT32 -> json.writeNumber(data.getInt() & 0xFFFF_FFFFL);
            case UINT16 -> json.writeNumber(data.getShort() & 0xFFFF);
            case UINT8 -> json.writeNumber(data.get() & 0xFF);
            case BOOL -> json.writeBoolean(data.get() != 0);
            case FP16 -> json.writeNumber(Float.float16ToFloat(data.getShort()));
            case BF16 -> json.writeNumber(Bfloat16.toFloat(data.getShort()));
            case FP32, FP64, INT64, BYTES -> throw new IllegalStateException("written before");
        }
    }

    private static void unsigned(JsonGenerator json, long bits) throws IOException {
        if (bits >= 0) {
            json.writeNumber(bits);
        } else {
            json.writeNumber(new BigInteger(Long.toUnsignedString(bits)));
        }
    }

    private static String text(String name, byte[] bytes) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new UnsupportedException("the output " + name
                    + " holds bytes that are no text, which JSON cannot hold; ask for it with binary_data");
        }
    }
}
