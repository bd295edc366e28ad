package forge.ai.runtime.steps;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.Tensor;
import java.util.Arrays;

/**
 * A tensor as rows along its last axis.
 *
 * @param rows how many
 * @param size of each, 1 or more
 */
record LastAxis(int rows, int size) {

    static LastAxis of(Tensor tensor) {
        int size = tensor.rank() == 0 ? 0 : (int) tensor.dimension(tensor.rank() - 1);
        if (size == 0) {
            throw new InvalidRequestException(tensor + " has no scores along its last axis");
        }
        return new LastAxis(tensor.elements() / size, size);
    }

    /** A shape with another size at its end; none at all for 0. */
    static long[] shape(long[] shape, long last) {
        long[] other = Arrays.copyOf(shape, last == 0 ? Math.max(0, shape.length - 1) : shape.length);
        if (last != 0 && other.length > 0) {
            other[other.length - 1] = last;
        }
        return other;
    }
}
