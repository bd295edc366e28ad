package forge.ai.backend.sklearn.pickle;

import forge.ai.api.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a pickle and how far they have been read. A length that they claim is checked before it is believed. */
final class PickleInput {

    /** Longest line of the old text opcodes, such as a number or a name. */
    private static final int LONGEST_LINE = 1 << 20;

    private final byte[] bytes;
    private final ByteBuffer little;
    private int at;

    PickleInput(byte[] bytes) {
        this.bytes = bytes;
        this.little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int next() {
        return bytes[skip(1)] & 0xFF;
    }

    int unsignedShort() {
        return little.getShort(skip(2)) & 0xFFFF;
    }

    int integer() {
        return little.getInt(skip(4));
    }

    long unsignedInteger() {
        return integer() & 0xFFFFFFFFL;
    }

    long longInteger() {
        return little.getLong(skip(8));
    }

    /** A number of Python's binary float, which is big-endian. */
    double number() {
        return Double.longBitsToDouble(Long.reverseBytes(longInteger()));
    }

    /** The next bytes, copied. */
    byte[] take(long length) {
        int from = skip(length);
        return Arrays.copyOfRange(bytes, from, at);
    }

    String text(long length) {
        int from = skip(length);
        return new String(bytes, from, at - from, StandardCharsets.UTF_8);
    }

    /** What stands before the next line feed, which is read too. */
    String line() {
        int end = at;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        if (end == bytes.length || end - at > LONGEST_LINE) {
            throw broken("a line does not end");
        }
        String line = new String(bytes, at, end - at, StandardCharsets.UTF_8);
        at = end + 1;
        return line;
    }

    /** A frame begins, which must lie within the file. */
    void frame(long length) {
        int from = skip(length);
        at = from;
    }

    private int skip(long length) {
        if (length < 0 || length > bytes.length - at) {
            throw broken("it ends early, or claims a length of " + length + " that it has not");
        }
        int from = at;
        at += (int) length;
        return from;
    }

    InvalidRequestException broken(String what) {
        return new InvalidRequestException("not a sound pickle, at byte " + at + ": " + what);
    }
}
