package forge.ai.backend.sklearn.pickle;

import forge.ai.api.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array of NumPy. It is empty when a pickle creates it and filled when its state comes, once; the elements are handed
 * out in row-major order, whatever the order in the file.
 */
public final class NdArray {

    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");

    private Dtype type = Dtype.of("f8");
    private int[] shape = {0};
    private byte[] data = {};
    private List<?> objects = List.of();

    NdArray() {}

    /** @param order {@code C} for rows, {@code F} for columns first */
    static NdArray of(Dtype type, List<?> shape, String order, byte[] data) {
        NdArray array = new NdArray();
        array.fill(type, shape, order.equals("F"), data);
        return array;
    }

    /** Takes in what {@code ndarray.__setstate__} is given: version, shape, type, whether column-major, data. */
    void build(List<?> state) {
        if (state.size() == 5
                && state.get(1) instanceof List<?> dimensions
                && state.get(2) instanceof Dtype elements
                && state.get(3) instanceof Boolean columnMajor) {
            fill(elements, dimensions, columnMajor, state.get(4));
        } else {
            throw new InvalidRequestException("an array whose state is not understood");
        }
    }

    private void fill(Dtype elements, List<?> dimensions, boolean columnMajor, @Nullable Object content) {
        type = elements;
        shape = shape(dimensions);
        long count = count(shape);
        if (type.kind() == 'O') {
            objects = content instanceof List<?> list ? list : List.of();
            if (objects.size() != count) {
                throw new InvalidRequestException("an array of %d objects has %d".formatted(count, objects.size()));
            }
            objects = columnMajor ? ColumnMajor.rows(objects, shape) : objects;
            return;
        }
        if (!(content instanceof byte[] bytes) || count * type.size() != bytes.length) {
            throw new InvalidRequestException("an array of the shape %s and %d bytes an element has other data"
                    .formatted(Arrays.toString(shape), type.size()));
        }
        data = columnMajor ? ColumnMajor.rows(bytes, type.size(), shape) : bytes;
    }

    /** @throws InvalidRequestException if a dimension is no number of 0 or more, or there are more than 32 */
    static int[] shape(List<?> dimensions) {
        if (dimensions.size() > 32) {
            throw new InvalidRequestException("an array of " + dimensions.size() + " dimensions");
        }
        return dimensions.stream()
                .mapToInt(d -> {
                    if (d instanceof Long n && n >= 0 && n <= Integer.MAX_VALUE) {
                        return n.intValue();
                    }
                    throw new InvalidRequestException("an array with the dimension " + d);
                })
                .toArray();
    }

    /** The number of elements; more than an int can count are refused. */
    static long count(int[] shape) {
        long count = 1;
        for (int dimension : shape) {
            count *= dimension;
            if (count > Integer.MAX_VALUE) {
                throw new InvalidRequestException("an array of the shape " + Arrays.toString(shape) + " is too large");
            }
        }
        return count;
    }

    public Dtype type() {
        return type;
    }

    public int rank() {
        return shape.length;
    }

    /** The size of one dimension; 1 beyond the last. */
    public int dimension(int axis) {
        return axis < shape.length ? shape[axis] : 1;
    }

    public int size() {
        return (int) count(shape);
    }

    public boolean texts() {
        return type.kind() == 'U'
                || type.kind() == 'O'
                        && !objects.isEmpty()
                        && objects.stream().allMatch(o -> o instanceof String || o == null);
    }

    /** The elements as numbers; what is no number is NaN among objects and refused elsewhere. */
    public double[] doubles() {
        return doubles(type, 0);
    }

    private double[] doubles(Dtype element, int offset) {
        double[] values = new double[size()];
        if (type.kind() == 'O') {
            for (int i = 0; i < values.length; i++) {
                values[i] = objects.get(i) instanceof Number n ? n.doubleValue() : Double.NaN;
            }
            return values;
        }
        ByteBuffer in = buffer(element);
        for (int i = 0; i < values.length; i++) {
            values[i] = number(in, element, i * type.size() + offset);
        }
        return values;
    }

    private ByteBuffer buffer(Dtype element) {
        return ByteBuffer.wrap(data).order(element.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    private static double number(ByteBuffer in, Dtype element, int at) {
        return element.kind() == 'f'
                ? element.size() == 8 ? in.getDouble(at) : in.getFloat(at)
                : integer(in, element, at);
    }

    private static long integer(ByteBuffer in, Dtype element, int at) {
        return switch (element.kind()) {
            case 'b' -> in.get(at);
            case 'i' ->
                switch (element.size()) {
                    case 1 -> in.get(at);
                    case 2 -> in.getShort(at);
                    case 4 -> in.getInt(at);
                    default -> in.getLong(at);
                };
            case 'u' ->
                switch (element.size()) {
                    case 1 -> in.get(at) & 0xFF;
                    case 2 -> in.getShort(at) & 0xFFFF;
                    case 4 -> in.getInt(at) & 0xFFFFFFFFL;
                    default -> in.getLong(at);
                };
            default -> throw new InvalidRequestException("numbers were expected in an array of kind " + element.kind());
        };
    }

    /** The elements as integers. */
    public long[] longs() {
        long[] values = new long[size()];
        if (type.kind() == 'O' || type.kind() == 'f') {
            double[] numbers = doubles();
            for (int i = 0; i < values.length; i++) {
                values[i] = (long) numbers[i];
            }
            return values;
        }
        ByteBuffer in = buffer(type);
        for (int i = 0; i < values.length; i++) {
            values[i] = integer(in, type, i * type.size());
        }
        return values;
    }

    /** One field of each record, as numbers. */
    public double[] field(String name) {
        Dtype.Field field = findField(name);
        if (field == null) {
            throw new InvalidRequestException("an array of records without the field '" + name + "'");
        }
        return doubles(field.type(), field.offset());
    }

    /** One field of each record, as whole numbers. */
    public int[] intField(String name) {
        double[] numbers = field(name);
        int[] ints = new int[numbers.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = (int) numbers[i];
        }
        return ints;
    }

    /** One field of each record, as flags: whether it is not zero. */
    public boolean[] flagField(String name) {
        double[] numbers = field(name);
        boolean[] flags = new boolean[numbers.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = numbers[i] != 0;
        }
        return flags;
    }

    public boolean hasField(String name) {
        return findField(name) != null;
    }

    private Dtype.@Nullable Field findField(String name) {
        return type.fields().stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The elements: String, Long, Double, Boolean, null, or what a pickle holds else. */
    public List<@Nullable Object> elements() {
        List<@Nullable Object> list = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            list.add(element(i));
        }
        return list;
    }

    private @Nullable Object element(int i) {
        int at = i * type.size();
        return switch (type.kind()) {
            case 'O' -> objects.get(i);
            case 'U' -> {
                String text = new String(data, at, type.size(), type.bigEndian() ? UTF_32BE : UTF_32LE);
                int end = text.length();
                while (end > 0 && text.charAt(end - 1) == 0) {
                    end--;
                }
                yield text.substring(0, end);
            }
            case 'S', 'V', 'M' -> Arrays.copyOfRange(data, at, at + type.size());
            case 'b' -> data[at] != 0;
            case 'f' -> number(buffer(type), type, at);
            default -> integer(buffer(type), type, at);
        };
    }

    /** The only element. */
    public @Nullable Object scalar() {
        if (size() != 1) {
            throw new InvalidRequestException("one number was expected, not an array of " + size());
        }
        return element(0);
    }
}
