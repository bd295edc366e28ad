package forge.ai.backend.sklearn.pickle;

import forge.ai.api.InvalidRequestException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The type of the elements of an array of NumPy. Made with its code, completed by its state, like NumPy's own.
 *
 * <p>Kinds: {@code b} boolean, {@code i} and {@code u} integers, {@code f} floats, {@code U} texts of UTF-32,
 * {@code S} bytes, {@code V} a record of fields, {@code O} objects.
 */
public final class Dtype {

    /** A field of a record: its name, type and place in bytes. */
    public record Field(String name, Dtype type, int offset) {}

    private final char kind;
    private int size;
    private boolean bigEndian;
    private List<Field> fields = List.of();

    private Dtype(char kind, int size) {
        this.kind = kind;
        this.size = size;
    }

    /** @param code such as {@code f8}, {@code <i4}, {@code U10}, {@code V64}, {@code O8} */
    static Dtype of(String code) {
        String plain = code.startsWith("<") || code.startsWith(">") || code.startsWith("|") || code.startsWith("=")
                ? code.substring(1)
                : code;
        if (!plain.matches("[biufUSVOM]\\d{0,9}|\\?")) {
            throw new InvalidRequestException("arrays of the type '" + code + "' are not read");
        }
        char kind = plain.equals("?") ? 'b' : plain.charAt(0);
        int number = plain.length() > 1 ? Integer.parseInt(plain.substring(1)) : 1;
        Dtype type = new Dtype(kind, kind == 'U' ? Math.multiplyExact(4, number) : number);
        type.bigEndian = code.startsWith(">");
        type.check();
        return type;
    }

    private void check() {
        boolean fits = switch (kind) {
            case 'b' -> size == 1;
            case 'i', 'u' -> size == 1 || size == 2 || size == 4 || size == 8;
            case 'f' -> size == 4 || size == 8;
            default -> true;
        };
        if (!fits) {
            throw new InvalidRequestException("arrays of the type '" + kind + size + "' are not read");
        }
    }

    /** Takes in what {@code dtype.__setstate__} is given: version, order, sub-array, names, fields, size ... */
    void build(List<?> state) {
        if (state.size() < 5 || state.get(2) != null) {
            throw new InvalidRequestException("an array type whose state is not understood");
        }
        bigEndian = ">".equals(text(state.get(1)));
        if (state.get(3) instanceof List<?> names && state.get(4) instanceof Map<?, ?> places) {
            List<Field> read = new ArrayList<>();
            for (Object name : names) {
                if (!(places.get(name) instanceof List<?> place)
                        || place.size() < 2
                        || !(place.get(0) instanceof Dtype type)
                        || !(place.get(1) instanceof Long offset)) {
                    throw new InvalidRequestException("an array type whose fields are not understood");
                }
                read.add(new Field(text(name), type, offset.intValue()));
            }
            read.sort(Comparator.comparingInt(Field::offset));
            fields = List.copyOf(read);
            size = state.size() > 5 && state.get(5) instanceof Long itemSize && itemSize > 0
                    ? itemSize.intValue()
                    : size;
            if (fields.stream()
                    .anyMatch(f -> f.offset() < 0 || f.offset() + f.type().size() > size)) {
                throw new InvalidRequestException("an array type whose fields lie outside of it");
            }
        }
    }

    /** Pickles of Python 2 and of protocol 2 hold such words as bytes. */
    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes
                ? new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
                : String.valueOf(value);
    }

    public char kind() {
        return kind;
    }

    /** Bytes of an element. */
    public int size() {
        return size;
    }

    boolean bigEndian() {
        return bigEndian;
    }

    public List<Field> fields() {
        return fields;
    }
}
