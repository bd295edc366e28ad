package forge.ai.runtime.testkit.otlp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A message of Protocol Buffers, its fields by their numbers. */
record ProtoMessage(Map<Integer, List<Object>> fields) {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    static ProtoMessage read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, List<Object>> fields = new HashMap<>();
        while (in.hasRemaining()) {
            long tag = varint(in);
            Object value = switch ((int) (tag & 7)) {
                case VARINT -> varint(in);
                case FIXED64 -> in.getLong();
                case FIXED32 -> (long) in.getInt();
                case BYTES -> bytes(in);
                default -> throw new IllegalStateException("wire type " + (tag & 7));
            };
            fields.computeIfAbsent((int) (tag >> 3), f -> new ArrayList<>()).add(value);
        }
        return new ProtoMessage(fields);
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[(int) varint(in)];
        in.get(bytes);
        return bytes;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    List<ProtoMessage> messages(int field) {
        return all(field).stream().map(b -> read((byte[]) b)).toList();
    }

    /** The messages at the end of a way of fields. */
    List<ProtoMessage> messages(int first, int... further) {
        List<ProtoMessage> found = messages(first);
        for (int field : further) {
            found = found.stream().flatMap(m -> m.messages(field).stream()).toList();
        }
        return found;
    }

    String text(int field) {
        return has(field) ? new String((byte[]) all(field).getFirst(), StandardCharsets.UTF_8) : "";
    }

    String hex(int field) {
        return has(field) ? HexFormat.of().formatHex((byte[]) all(field).getFirst()) : "";
    }

    long number(int field) {
        return has(field) ? (Long) all(field).getFirst() : 0;
    }

    double real(int field) {
        return Double.longBitsToDouble(number(field));
    }

    boolean has(int field) {
        return fields.containsKey(field);
    }

    private List<Object> all(int field) {
        return fields.getOrDefault(field, List.of());
    }
}
