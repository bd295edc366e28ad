package forge.ai.backend.onnxoptimize;

import forge.ai.api.InvalidRequestException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message of Protocol Buffers whose fields are looked at by number; what nobody looks at stays as it was.
 *
 * <p>See <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>. Groups are refused.
 */
final class ProtoMessage {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int MOST_VARINT_BYTES = 10;

    private final List<Field> fields = new ArrayList<>();

    /** A field with its number. */
    private sealed interface Field {

        int number();

        record Whole(int number, int wire, long value) implements Field {}

        record Content(int number, ByteBuffer bytes) implements Field {}

        record Nested(int number, ProtoMessage message) implements Field {}
    }

    static ProtoMessage parse(ByteBuffer bytes) {
        ProtoMessage message = new ProtoMessage();
        ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            message.fields.add(field(in));
        }
        return message;
    }

    private static Field field(ByteBuffer in) {
        long key = varint(in);
        int number = (int) (key >>> 3);
        int wire = (int) key & 7;
        return switch (wire) {
            case VARINT -> new Field.Whole(number, wire, varint(in));
            case FIXED64 ->
                new Field.Whole(number, wire, require(in, Long.BYTES).getLong());
            case FIXED32 ->
                new Field.Whole(number, wire, require(in, Integer.BYTES).getInt());
            case BYTES -> {
                long length = varint(in);
                require(in, length);
                ByteBuffer content = in.slice(in.position(), (int) length);
                in.position(in.position() + (int) length);
                yield new Field.Content(number, content);
            }
            default -> throw damaged();
        };
    }

    private static ByteBuffer require(ByteBuffer in, long bytes) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw damaged();
        }
        return in;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int i = 0; i < MOST_VARINT_BYTES; i++) {
            byte next = require(in, 1).get();
            value |= (next & 0x7FL) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw damaged();
    }

    private static InvalidRequestException damaged() {
        return new InvalidRequestException("the file is damaged: it is no ONNX model");
    }

    /** The messages of a field, to be read and changed. */
    List<ProtoMessage> messages(int number) {
        List<ProtoMessage> found = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i) instanceof Field.Content content && content.number == number) {
                fields.set(i, new Field.Nested(number, parse(content.bytes)));
            }
            if (fields.get(i) instanceof Field.Nested nested && nested.number == number) {
                found.add(nested.message);
            }
        }
        return found;
    }

    /** The first, or an empty one that is added. */
    ProtoMessage message(int number) {
        List<ProtoMessage> found = messages(number);
        return found.isEmpty() ? add(number, new ProtoMessage()) : found.getFirst();
    }

    List<String> texts(int number) {
        List<String> texts = new ArrayList<>();
        for (Field field : fields) {
            if (field instanceof Field.Content content && content.number == number) {
                texts.add(
                        StandardCharsets.UTF_8.decode(content.bytes.duplicate()).toString());
            }
        }
        return texts;
    }

    /** The last one, or an empty text. */
    String text(int number) {
        List<String> texts = texts(number);
        return texts.isEmpty() ? "" : texts.getLast();
    }

    /** Whole numbers of a field, one by one or packed; a float of 32 bits is given by its bits. */
    List<Long> numbers(int number) {
        List<Long> numbers = new ArrayList<>();
        for (Field field : fields) {
            if (field instanceof Field.Whole whole && whole.number == number) {
                numbers.add(whole.value);
            } else if (field instanceof Field.Content content && content.number == number) {
                ByteBuffer packed = content.bytes.duplicate();
                while (packed.hasRemaining()) {
                    numbers.add(varint(packed));
                }
            }
        }
        return numbers;
    }

    long number(int number, long byDefault) {
        List<Long> numbers = numbers(number);
        return numbers.isEmpty() ? byDefault : numbers.getLast();
    }

    /** The bytes of a field, little-endian. */
    Optional<ByteBuffer> bytes(int number) {
        return fields.stream()
                .filter(field -> field instanceof Field.Content && field.number() == number)
                .map(field -> ((Field.Content) field).bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN))
                .findFirst();
    }

    ProtoMessage add(int number, ProtoMessage message) {
        fields.add(new Field.Nested(number, message));
        return message;
    }

    ProtoMessage with(int number, String text) {
        return with(number, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    ProtoMessage with(int number, ByteBuffer bytes) {
        fields.add(new Field.Content(number, bytes));
        return this;
    }

    ProtoMessage with(int number, long value) {
        fields.add(new Field.Whole(number, VARINT, value));
        return this;
    }

    void remove(int number) {
        fields.removeIf(field -> field.number() == number);
    }

    private long size() {
        long size = 0;
        for (Field field : fields) {
            size += varintSize((long) field.number() << 3);
            size += switch (field) {
                case Field.Whole whole ->
                    whole.wire == VARINT ? varintSize(whole.value) : whole.wire == FIXED32 ? Integer.BYTES : Long.BYTES;
                case Field.Content content -> varintSize(content.bytes.remaining()) + (long) content.bytes.remaining();
                case Field.Nested nested -> {
                    long inner = nested.message.size();
                    yield varintSize(inner) + inner;
                }
            };
        }
        return size;
    }

    void write(OutputStream out) throws IOException {
        WritableByteChannel channel = Channels.newChannel(out);
        for (Field field : fields) {
            switch (field) {
                case Field.Whole whole -> {
                    writeVarint(out, (long) whole.number << 3 | whole.wire);
                    writeWhole(out, whole);
                }
                case Field.Content content -> {
                    writeVarint(out, (long) content.number << 3 | BYTES);
                    writeVarint(out, content.bytes.remaining());
                    channel.write(content.bytes.duplicate());
                }
                case Field.Nested nested -> {
                    writeVarint(out, (long) nested.number << 3 | BYTES);
                    writeVarint(out, nested.message.size());
                    nested.message.write(out);
                }
            }
        }
    }

    private static void writeWhole(OutputStream out, Field.Whole whole) throws IOException {
        if (whole.wire == VARINT) {
            writeVarint(out, whole.value);
        } else {
            int bytes = whole.wire == FIXED32 ? Integer.BYTES : Long.BYTES;
            for (int i = 0; i < bytes; i++) {
                out.write((int) (whole.value >>> (8 * i)));
            }
        }
    }

    private static void writeVarint(OutputStream out, long value) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static int varintSize(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }
}
