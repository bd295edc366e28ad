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

    public TensorSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** Whether a tensor of this type and shape is allowed here. */
    public boolean accepts(Tensor tensor) {
        if (tensor.type() != type || tensor.rank() != shape.length) {
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

    /** As in {@code image FP32[-1, 1, 8, 8]}. */
    @Override
    public String toString() {
        return name + " " + type + Arrays.toString(shape);
    }
}
