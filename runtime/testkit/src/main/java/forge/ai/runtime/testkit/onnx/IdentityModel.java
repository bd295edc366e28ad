package forge.ai.runtime.testkit.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes an ONNX file whose output {@code y} is its input {@code x}, one dimension of any size. */
public final class IdentityModel {

    private IdentityModel() {}

    /** @param elementType the number of {@code TensorProto.DataType} */
    public static byte[] of(int elementType) {
        byte[] node = join(text(1, "x"), text(2, "y"), text(4, "Identity"));
        byte[] graph = join(
                field(1, node),
                text(2, "identity"),
                field(11, value("x", elementType)),
                field(12, value("y", elementType)));
        return join(number(1, 8), field(7, graph), field(8, number(2, 17)));
    }

    private static byte[] value(String name, int elementType) {
        byte[] shape = field(1, text(2, "n"));
        byte[] tensor = join(number(1, elementType), field(2, shape));
        return join(text(1, name), field(2, field(1, tensor)));
    }

    /** A message has less than 16384 bytes, so its length takes one or two. */
    private static byte[] field(int number, byte[] content) {
        int length = content.length;
        byte[] size =
                length < 128 ? new byte[] {(byte) length} : new byte[] {(byte) (length | 0x80), (byte) (length >> 7)};
        return join(new byte[] {(byte) (number << 3 | 2)}, size, content);
    }

    private static byte[] text(int number, String content) {
        return field(number, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Of a value below 128, which takes one byte. */
    private static byte[] number(int number, int value) {
        return new byte[] {(byte) (number << 3), (byte) value};
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
