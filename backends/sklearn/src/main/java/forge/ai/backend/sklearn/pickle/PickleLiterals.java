package forge.ai.backend.sklearn.pickle;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The opcodes that stand for a value of their own: None, flags, numbers, texts and bytes. */
final class PickleLiterals {

    private final PickleInput in;

    PickleLiterals(PickleInput in) {
        this.in = in;
    }

    /** What the opcode puts on the stack. */
    @Nullable
    Object read(int code) {
        return switch (code) {
            case 'N' -> null;
            case 0x88 -> true;
            case 0x89 -> false;
            case 'I' -> {
                String line = in.line().strip();
                yield line.equals("01") ? (Object) true : line.equals("00") ? (Object) false : (Object) number(line);
            }
            case 'L' -> number(in.line().strip().replaceAll("L$", ""));
            case 'J' -> (long) in.integer();
            case 'K' -> (long) in.next();
            case 'M' -> (long) in.unsignedShort();
            case 0x8a -> longNumber(in.next());
            case 0x8b -> longNumber(in.integer());
            case 'F' -> decimal(in.line().strip());
            case 'G' -> in.number();
            case 'S' -> quoted(in.line().strip());
            case 'T' -> new String(in.take(in.integer()), StandardCharsets.ISO_8859_1);
            case 'U' -> new String(in.take(in.next()), StandardCharsets.ISO_8859_1);
            case 'V' -> in.line();
            case 'X' -> in.text(in.unsignedInteger());
            case 0x8c -> in.text(in.next());
            case 0x8d -> in.text(in.longInteger());
            case 'B' -> in.take(in.unsignedInteger());
            case 'C' -> in.take(in.next());
            case 0x8e, 0x96 -> in.take(in.longInteger());
            default -> throw in.broken("the opcode 0x%02x is not read".formatted(code));
        };
    }

    long number(String line) {
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException e) {
            throw in.broken("a number is unreadable");
        }
    }

    private double decimal(String line) {
        try {
            return Double.parseDouble(line);
        } catch (NumberFormatException e) {
            throw in.broken("a number is unreadable");
        }
    }

    private String quoted(String line) {
        if (line.length() < 2 || line.indexOf('\\') >= 0) {
            throw in.broken("a quoted text is unreadable");
        }
        return line.substring(1, line.length() - 1);
    }

    private Number longNumber(int length) {
        if (length < 0 || length > 1024) {
            throw in.broken("a number of " + length + " bytes");
        }
        byte[] little = in.take(length);
        byte[] big = new byte[length];
        for (int i = 0; i < length; i++) {
            big[i] = little[length - 1 - i];
        }
        BigInteger number = length == 0 ? BigInteger.ZERO : new BigInteger(big);
        return number.bitLength() < 64 ? (Number) number.longValue() : (Number) number;
    }
}
