package forge.ai.provider.local;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes a graph in the form of ONNX (protocol buffers), with the weights of another one. */
final class OnnxGraph {

    static final int FLOAT = 1;
    static final int INT64 = 7;
    static final int BOOL = 9;
    static final int FLOAT16 = 10;

    private final ByteArrayOutputStream graph = new ByteArrayOutputStream();
    private int names;

    /** An attribute of a node; its content as it stands in the file. */
    record Attribute(String name, int type, byte[] value) {
        static Attribute number(String name, long value) {
            return new Attribute(name, 2, join(key(3, 0), varint(value)));
        }

        static Attribute real(String name, float value) {
            byte[] bits = ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(value)
                    .array();
            return new Attribute(name, 1, join(key(2, 5), bits));
        }

        static Attribute numbers(String name, long... values) {
            byte[] all = {};
            for (long value : values) {
                all = join(all, key(8, 0), varint(value));
            }
            return new Attribute(name, 7, all);
        }

        static Attribute graph(String name, byte[] graph) {
            return new Attribute(name, 5, field(6, graph));
        }
    }

    /** Adds a node with one output and gives its name. */
    String node(String op, String[] inputs, Attribute... attributes) {
        return node(op, inputs, op + "_" + names++, attributes);
    }

    String node(String op, String[] inputs, String output, Attribute... attributes) {
        ByteArrayOutputStream node = new ByteArrayOutputStream();
        for (String input : inputs) {
            node.writeBytes(text(1, input));
        }
        node.writeBytes(join(text(2, output), text(4, op)));
        for (Attribute attribute : attributes) {
            node.writeBytes(
                    field(5, join(text(1, attribute.name()), attribute.value(), key(20, 0), varint(attribute.type()))));
        }
        graph.writeBytes(field(1, node.toByteArray()));
        return output;
    }

    /** A constant list of numbers. */
    String numbers(long... values) {
        ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            raw.putLong(value);
        }
        return constant(INT64, raw.array(), values.length);
    }

    /** A constant scalar. */
    String number(long value) {
        return constant(
                INT64,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array());
    }

    /** A constant list of numbers. */
    String reals(float... values) {
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            raw.putFloat(value);
        }
        return constant(FLOAT, raw.array(), values.length);
    }

    /** A constant scalar. */
    String real(float value) {
        return constant(
                FLOAT,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(value)
                        .array());
    }

    /** Adds weights at random, small ones. */
    void random(String name, Random random, int... shape) {
        int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        ByteBuffer raw = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            raw.putFloat((float) random.nextGaussian() * 0.1f);
        }
        weight(name, FLOAT, raw.array(), Arrays.stream(shape).asLongStream().toArray());
    }

    private String constant(int type, byte[] raw, long... shape) {
        String name = "constant_" + names++;
        weight(name, type, raw, shape);
        return name;
    }

    private void weight(String name, int type, byte[] raw, long... shape) {
        byte[] dimensions = {};
        for (long dimension : shape) {
            dimensions = join(dimensions, key(1, 0), varint(dimension));
        }
        weight(join(dimensions, key(2, 0), varint(type), text(8, name), field(9, raw)));
    }

    /** Adds a tensor as it stands in a file. */
    void weight(byte[] tensor) {
        graph.writeBytes(field(5, tensor));
    }

    /** @param shape numbers, or names of free dimensions */
    void input(String name, int type, Object... shape) {
        graph.writeBytes(field(11, value(name, type, shape)));
    }

    void output(String name, int type, Object... shape) {
        graph.writeBytes(field(12, value(name, type, shape)));
    }

    byte[] graph() {
        return join(graph.toByteArray(), text(2, "graph"));
    }

    byte[] model() {
        return join(key(1, 0), varint(8), field(7, graph()), field(8, join(key(2, 0), varint(17))));
    }

    /** The weights of a model file by name. */
    static Map<String, byte[]> weights(byte[] model) {
        Map<String, byte[]> weights = new LinkedHashMap<>();
        for (byte[] graph : messages(model, 7)) {
            for (byte[] tensor : messages(graph, 5)) {
                weights.put(new String(messages(tensor, 8).getFirst(), StandardCharsets.UTF_8), tensor);
            }
        }
        return weights;
    }

    private static List<byte[]> messages(byte[] from, int number) {
        List<byte[]> found = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(from);
        while (in.hasRemaining()) {
            long key = readVarint(in);
            switch ((int) key & 7) {
                case 0 -> readVarint(in);
                case 1 -> in.getLong();
                case 5 -> in.getInt();
                default -> {
                    byte[] content = new byte[(int) readVarint(in)];
                    in.get(content);
                    if (key >> 3 == number) {
                        found.add(content);
                    }
                }
            }
        }
        return found;
    }

    private static long readVarint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 127) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static byte[] value(String name, int type, Object... shape) {
        byte[] dimensions = {};
        for (Object dimension : shape) {
            byte[] one =
                    dimension instanceof Integer size ? join(key(1, 0), varint(size)) : text(2, (String) dimension);
            dimensions = join(dimensions, field(1, one));
        }
        byte[] tensor = join(key(1, 0), varint(type), field(2, dimensions));
        return join(text(1, name), field(2, field(1, tensor)));
    }

    private static byte[] text(int number, String content) {
        return field(number, content.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] field(int number, byte[] content) {
        return join(key(number, 2), varint(content.length), content);
    }

    private static byte[] key(int number, int wire) {
        return varint((long) number << 3 | wire);
    }

    private static byte[] varint(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (long rest = value; ; rest >>>= 7) {
            if ((rest & ~127) == 0) {
                out.write((int) rest);
                return out.toByteArray();
            }
            out.write((int) (rest & 127 | 128));
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
