package forge.ai.runtime.testkit.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes small ONNX files, so that a test can have exactly the network that it needs. Types are the numbers of {@code
 * TensorProto.DataType}; what is written is not checked. Source: the schema {@code onnx.proto} of the ONNX project.
 */
public final class OnnxGraph {

    public static final int FLOAT = 1;
    public static final int INT64 = 7;

    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    private final Message graph = new Message().text(2, "graph");

    /** @param shape numbers for fixed dimensions, texts for others */
    public OnnxGraph input(String name, int type, Object... shape) {
        graph.message(11, value(name, type, shape));
        return this;
    }

    /** As {@link #input}. */
    public OnnxGraph output(String name, int type, Object... shape) {
        graph.message(12, value(name, type, shape));
        return this;
    }

    /** A constant. */
    public OnnxGraph floats(String name, List<Integer> shape, float... values) {
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            raw.putFloat(value);
        }
        return constant(name, FLOAT, shape, raw.array());
    }

    /** A constant. */
    public OnnxGraph longs(String name, List<Integer> shape, long... values) {
        ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            raw.putLong(value);
        }
        return constant(name, INT64, shape, raw.array());
    }

    private OnnxGraph constant(String name, int type, List<Integer> shape, byte[] raw) {
        Message tensor = new Message();
        shape.forEach(dimension -> tensor.number(1, dimension));
        graph.message(5, tensor.number(2, type).text(8, name).bytes(9, raw));
        return this;
    }

    public OnnxGraph node(String operator, List<String> inputs, String output) {
        return node(operator, inputs, List.of(output), Map.of());
    }

    /** @param attributes each an {@code Integer}, {@code Float}, {@code String} or a list of integers */
    public OnnxGraph node(String operator, List<String> inputs, List<String> outputs, Map<String, ?> attributes) {
        Message node = new Message();
        inputs.forEach(name -> node.text(1, name));
        outputs.forEach(name -> node.text(2, name));
        node.text(4, operator);
        attributes.forEach((name, value) -> node.message(5, attribute(name, value)));
        graph.message(1, node);
        return this;
    }

    private static Message attribute(String name, Object value) {
        Message attribute = new Message().text(1, name);
        return switch (value) {
            case Integer number -> attribute.number(3, number).number(20, 2);
            case Float number -> attribute.fixed(2, number).number(20, 1);
            case String text -> attribute.text(4, text).number(20, 3);
            case List<?> numbers -> {
                numbers.forEach(number -> attribute.number(8, ((Number) number).longValue()));
                yield attribute.number(20, 7);
            }
            default -> throw new IllegalArgumentException("no attribute for " + value.getClass());
        };
    }

    private static Message value(String name, int type, Object... shape) {
        Message dimensions = new Message();
        for (Object dimension : shape) {
            dimensions.message(
                    1,
                    dimension instanceof Integer size
                            ? new Message().number(1, size)
                            : new Message().text(2, dimension.toString()));
        }
        Message tensor = new Message().number(1, type).message(2, dimensions);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** The file. */
    public byte[] bytes() {
        return new Message()
                .number(1, IR_VERSION)
                .message(7, graph)
                .message(8, new Message().number(2, OPSET))
                .content();
    }

    /** A message of protocol buffers, field by field. */
    private static final class Message {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        byte[] content() {
            return content.toByteArray();
        }

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message fixed(int field, float value) {
            varint((long) field << 3 | 5);
            content.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(value)
                    .array());
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.content());
        }

        Message bytes(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            content.writeBytes(value);
            return this;
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                content.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            content.write((int) rest);
        }
    }
}
