package forge.ai.api.tensor;

import forge.ai.api.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An immutable, dense, row-major array of one {@link DataType}.
 *
 * <p>Numbers lie in one little-endian buffer, as on the wire and in native memory; {@link DataType#BYTES} elements are
 * byte arrays. A scalar has the empty shape and one element. The factory methods that take a buffer or byte arrays keep
 * them: hand over ownership and do not change them afterwards.
 */
public final class Tensor {

    /** So many bytes are copied in less time than memory outside of the heap is had and given back. */
    private static final int SMALL = 1 << 16;

    private final DataType type;
    private final long[] shape;
    private final int elements;
    private final ByteBuffer data;
    private final List<byte[]> strings;

    private Tensor(DataType type, long[] shape, ByteBuffer data, List<byte[]> strings) {
        this.type = Objects.requireNonNull(type, "type");
        this.shape = shape.clone();
        this.elements = elements(shape);
        this.data = data;
        this.strings = strings;
        long actual = type == DataType.BYTES ? strings.size() : data.remaining();
        long expected = type == DataType.BYTES ? elements : (long) elements * type.bytes();
        if (actual != expected) {
            throw new InvalidRequestException("a tensor %s%s holds %d %s, not %d"
                    .formatted(
                            type,
                            Arrays.toString(shape),
                            expected,
                            type == DataType.BYTES ? "elements" : "bytes",
                            actual));
        }
    }

    /**
     * A tensor over the remaining bytes of {@code data}, which are little-endian.
     *
     * @throws InvalidRequestException if their number does not fit the type and shape, or the type is BYTES
     */
    public static Tensor of(DataType type, long[] shape, ByteBuffer data) {
        if (type == DataType.BYTES) {
            throw new InvalidRequestException("a tensor of BYTES is made of byte strings, not of one buffer");
        }
        return new Tensor(type, shape, data.slice().order(ByteOrder.LITTLE_ENDIAN), List.of());
    }

    /** A tensor of {@link DataType#BYTES}. */
    public static Tensor ofBytes(long[] shape, List<byte[]> values) {
        return new Tensor(DataType.BYTES, shape, ByteBuffer.allocate(0), List.copyOf(values));
    }

    /** A tensor of {@link DataType#BYTES} that holds the UTF-8 form of the texts. */
    public static Tensor ofStrings(long[] shape, List<String> values) {
        return ofBytes(
                shape,
                values.stream().map(s -> s.getBytes(StandardCharsets.UTF_8)).toList());
    }

    public static Tensor ofFloats(long[] shape, float... values) {
        ByteBuffer buffer = allocate(DataType.FP32, values.length);
        buffer.asFloatBuffer().put(values);
        return of(DataType.FP32, shape, buffer);
    }

    public static Tensor ofDoubles(long[] shape, double... values) {
        ByteBuffer buffer = allocate(DataType.FP64, values.length);
        buffer.asDoubleBuffer().put(values);
        return of(DataType.FP64, shape, buffer);
    }

    public static Tensor ofLongs(long[] shape, long... values) {
        ByteBuffer buffer = allocate(DataType.INT64, values.length);
        buffer.asLongBuffer().put(values);
        return of(DataType.INT64, shape, buffer);
    }

    public static Tensor ofInts(long[] shape, int... values) {
        ByteBuffer buffer = allocate(DataType.INT32, values.length);
        buffer.asIntBuffer().put(values);
        return of(DataType.INT32, shape, buffer);
    }

    /**
     * A new zeroed, little-endian buffer for {@code elements} elements: a small one in the Java heap, where it costs
     * next to nothing, a larger one outside of it, where native code can take it without a copy.
     */
    public static ByteBuffer allocate(DataType type, int elements) {
        int bytes = Math.multiplyExact(elements, type.bytes());
        return bytes <= SMALL ? ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN) : allocateDirect(bytes);
    }

    /** As {@link #allocate}, but outside of the Java heap however small, for native code that keeps it. */
    public static ByteBuffer allocateDirect(DataType type, int elements) {
        return allocateDirect(Math.multiplyExact(elements, type.bytes()));
    }

    private static ByteBuffer allocateDirect(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The number of elements of a shape.
     *
     * @throws InvalidRequestException if a dimension is negative or the product exceeds an int
     */
    public static int elements(long[] shape) {
        long product = 1;
        boolean empty = false;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new InvalidRequestException("negative dimension in shape " + Arrays.toString(shape));
            }
            if (dimension == 0) {
                empty = true;
            } else if (product > Integer.MAX_VALUE / dimension) {
                throw new InvalidRequestException("shape too large: " + Arrays.toString(shape));
            } else {
                product *= dimension;
            }
        }
        return empty ? 0 : (int) product;
    }

    public DataType type() {
        return type;
    }

    /** A copy of the shape. */
    public long[] shape() {
        return shape.clone();
    }

    /** Number of dimensions; 0 for a scalar. */
    public int rank() {
        return shape.length;
    }

    /** The size of one dimension, counted from 0. */
    public long dimension(int axis) {
        return shape[axis];
    }

    /** Number of elements. */
    public int elements() {
        return elements;
    }

    /** A read-only, little-endian view of the numbers; empty for {@link DataType#BYTES}. */
    public ByteBuffer data() {
        return data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The elements of a {@link DataType#BYTES} tensor, not copied; empty for numbers. */
    public List<byte[]> bytes() {
        return strings;
    }

    /** The elements of a {@link DataType#BYTES} tensor as texts. */
    public List<String> toStrings() {
        require(DataType.BYTES);
        return strings.stream().map(b -> new String(b, StandardCharsets.UTF_8)).toList();
    }

    /** A copy of the elements of an {@link DataType#FP32} tensor. */
    public float[] toFloats() {
        require(DataType.FP32);
        float[] values = new float[elements];
        data.asFloatBuffer().get(values);
        return values;
    }

    /** A copy of the elements of an {@link DataType#INT64} tensor. */
    public long[] toLongs() {
        require(DataType.INT64);
        long[] values = new long[elements];
        data.asLongBuffer().get(values);
        return values;
    }

    private void require(DataType wanted) {
        if (type != wanted) {
            throw new InvalidRequestException("a tensor of %s was asked for its %s".formatted(type, wanted));
        }
    }

    /** The rows {@code from} (inclusive) to {@code to} (exclusive) of the first dimension, sharing this one's data. */
    public Tensor rows(int from, int to) {
        if (shape.length == 0) {
            throw new InvalidRequestException("a scalar has no rows");
        }
        Objects.checkFromToIndex(from, to, (int) shape[0]);
        int stride = shape[0] == 0 ? 0 : elements / (int) shape[0];
        long[] part = shape.clone();
        part[0] = to - from;
        if (type == DataType.BYTES) {
            return new Tensor(type, part, data, strings.subList(from * stride, to * stride));
        }
        int row = stride * type.bytes();
        return of(type, part, data.slice(from * row, (to - from) * row));
    }

    /**
     * All rows of several tensors, one after the other, in a new tensor.
     *
     * @throws InvalidRequestException if they differ in type or in any dimension but the first, or are scalars
     */
    public static Tensor concatenate(List<Tensor> parts) {
        Tensor first = parts.getFirst();
        if (parts.size() == 1) {
            return first;
        }
        long rows = 0;
        for (Tensor part : parts) {
            if (!first.rowsFit(part)) {
                throw new InvalidRequestException(
                        "cannot put the rows of " + part + " behind those of " + first + ": type or shape differ");
            }
            rows += part.shape[0];
        }
        long[] shape = first.shape.clone();
        shape[0] = rows;
        if (first.type == DataType.BYTES) {
            return ofBytes(
                    shape, parts.stream().flatMap(p -> p.strings.stream()).toList());
        }
        ByteBuffer all = allocate(first.type, elements(shape));
        parts.forEach(part -> all.put(part.data.duplicate()));
        return of(first.type, shape, all.flip());
    }

    /** Whether the rows of both can lie in one tensor: equal type and equal shape but for the first dimension. */
    public boolean rowsFit(Tensor other) {
        return type == other.type
                && shape.length > 0
                && shape.length == other.shape.length
                && Arrays.equals(shape, 1, shape.length, other.shape, 1, shape.length);
    }

    /** Equal type, shape and bits. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && data.equals(that.data)
                && Arrays.deepEquals(strings.toArray(), that.strings.toArray());
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + Arrays.hashCode(shape))
                + (type == DataType.BYTES ? Arrays.deepHashCode(strings.toArray()) : data.hashCode());
    }

    /** Type and shape, never the values. */
    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
