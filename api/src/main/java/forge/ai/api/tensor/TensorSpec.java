package forge.ai.api.tensor;

import java.util.Arrays;
import java.util.Objects;

/**
 * What a model says of one input or output.
 *
 * @param name the name it is asked for by
 * @param type its element type
 * @param shape its dimensions; -1 where any size is allowed
 */
public record TensorSpec(String name, DataType type, long... shape) {

    private static final long ANY = -2;

    public TensorSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        shape = shape.clone();
    }

    /** What may have any number of dimensions, as where a model's file does not say how many. */
    public static TensorSpec ofAnyShape(String name, DataType type) {
        return new TensorSpec(name, type, ANY);
    }

    /** Whether the number of dimensions is free too; {@link #shape()} is then one dimension of any size. */
    public boolean anyShape() {
        return shape.length == 1 && shape[0] == ANY;
    }

    /** The same under another name. */
    public TensorSpec withName(String value) {
        return new TensorSpec(value, type, shape);
    }

    @Override
    public long[] shape() {
        return anyShape() ? new long[] {-1} : shape.clone();
    }

    /** Whether a tensor of this type and shape is allowed here. */
    public boolean accepts(Tensor tensor) {
        if (tensor.type() != type) {
            return false;
        } else if (anyShape()) {
            return true;
        } else if (tensor.rank() != shape.length) {
            return false;
        }
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] >= 0 && shape[axis] != tensor.dimension(axis)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorSpec that
                && name.equals(that.name)
                && type == that.type
                && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, type, Arrays.hashCode(shape));
    }

    /** As in {@code image FP32[-1, 1, 8, 8]}, or {@code image FP32[...]} for any shape. */
    @Override
    public String toString() {
        return name + " " + type + (anyShape() ? "[...]" : Arrays.toString(shape));
    }
}
