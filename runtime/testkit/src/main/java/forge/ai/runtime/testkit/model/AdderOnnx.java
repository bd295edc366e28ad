package forge.ai.runtime.testkit.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes small ONNX files of models that add. */
public final class AdderOnnx {

    private static final int FLOAT = 1;

    private AdderOnnx() {}

    /**
     * Of a model with a state: {@code y} and {@code after} are the sum of {@code x} and {@code before}, all FP32 of shape
     * {@code [n, 1]}.
     */
    public static byte[] accumulator() {
        byte[] graph = join(
                field(1, join(text(1, "x"), text(1, "before"), text(2, "y"), text(4, "Add"))),
                field(1, join(text(1, "y"), text(2, "after"), text(4, "Identity"))),
                text(2, "accumulator"),
                field(11, value("x")),
                field(11, value("before")),
                field(12, value("y")),
                field(12, value("after")));
        return join(number(1, 8), field(7, graph), field(8, number(2, 17)));
    }

    /** Of a model without a state: {@code y} is {@code x} and {@code x}, FP32 of shape {@code [n, m]}. */
    public static byte[] doubler() {
        byte[] graph = join(
                field(1, join(text(1, "x"), text(1, "x"), text(2, "y"), text(4, "Add"))),
                text(2, "doubler"),
                field(11, value("x", text(2, "m"))),
                field(12, value("y", text(2, "m"))));
        return join(number(1, 8), field(7, graph), field(8, number(2, 17)));
    }

    private static byte[] value(String name) {
        return value(name, number(1, 1));
    }

    private static byte[] value(String name, byte[] columns) {
        byte[] shape = join(field(1, text(2, "n")), field(1, columns));
        byte[] tensor = join(number(1, FLOAT), field(2, shape));
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
