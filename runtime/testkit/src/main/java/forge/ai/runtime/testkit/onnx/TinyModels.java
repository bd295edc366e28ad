package forge.ai.runtime.testkit.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes ONNX files of one node, with the input {@code x} and the output {@code y}. */
public final class TinyModels {

    private static final int FLOAT = 1;
    private static final int LONG = 7;

    private TinyModels() {}

    /**
     * Gives what it takes, one dimension of any size.
     *
     * @param elementType the number of {@code TensorProto.DataType}
     */
    public static byte[] identity(int elementType) {
        return model(
                join(text(1, "x"), text(2, "y"), text(4, "Identity")),
                value("x", elementType),
                value("y", elementType));
    }

    /** Gives {@code x} twice, one after the other, although it says of {@code y} that it is as long as {@code x}. */
    public static byte[] twice() {
        byte[] axis = join(text(1, "axis"), number(3, 0), number(20, 2));
        return model(
                join(text(1, "x"), text(1, "x"), text(2, "y"), text(4, "Concat"), field(5, axis)),
                value("x", FLOAT),
                value("y", FLOAT));
    }

    /** Gives as many zeros as the one number of {@code x} says. */
    public static byte[] zeros() {
        return model(join(text(1, "x"), text(2, "y"), text(4, "ConstantOfShape")), value("x", LONG), value("y", FLOAT));
    }

    /**
     * Adds three numbers of FP32 that lie in another file.
     *
     * @param file where it lies, as the model says it
     */
    public static byte[] adding(String file) {
        byte[] location = field(13, join(text(1, "location"), text(2, file)));
        byte[] weights = join(number(1, 3), number(2, FLOAT), text(8, "w"), location, number(14, 1));
        return model(
                join(text(1, "x"), text(1, "w"), text(2, "y"), text(4, "Add")),
                value("x", FLOAT),
                value("y", FLOAT),
                field(5, weights));
    }

    private static byte[] model(byte[] node, byte[] input, byte[] output, byte[]... more) {
        byte[] graph = join(field(1, node), text(2, "tiny"), field(11, input), field(12, output), join(more));
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
        return number < 16
                ? new byte[] {(byte) (number << 3), (byte) value}
                : new byte[] {(byte) (number << 3 | 0x80), (byte) (number >> 4), (byte) value};
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
