package forge.ai.runtime.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Map;

/** Compares tensors. */
public final class TensorAssertions {

    private TensorAssertions() {}

    /** Equal names, types and shapes; each number within {@code tolerance}, absolute for small and relative for large ones. */
    public static void assertClose(Map<String, Tensor> actual, Map<String, Tensor> expected, double tolerance) {
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach((name, tensor) -> assertClose(name, actual.get(name), tensor, tolerance));
    }

    public static void assertClose(String name, Tensor actual, Tensor expected, double tolerance) {
        assertThat(actual).as(name).hasToString(expected.toString());
        switch (expected.type()) {
            case FP16, BF16, FP32, FP64 -> {
                double[] numbers = numbers(actual);
                double[] wanted = numbers(expected);
                for (int i = 0; i < wanted.length; i++) {
                    double allowed = tolerance * Math.max(1, Math.abs(wanted[i]));
                    assertThat(numbers[i]).as("%s[%d]", name, i).isCloseTo(wanted[i], within(allowed));
                }
            }
            default -> assertThat(actual).as(name).isEqualTo(expected);
        }
    }

    /** For each row, the last dimension's index of the highest number. */
    public static int[] argMax(Tensor tensor) {
        double[] numbers = numbers(tensor);
        int columns = (int) tensor.dimension(tensor.rank() - 1);
        int[] highest = new int[numbers.length / columns];
        for (int i = 0; i < numbers.length; i++) {
            int row = i / columns;
            if (numbers[i] > numbers[row * columns + highest[row]]) {
                highest[row] = i % columns;
            }
        }
        return highest;
    }

    /** The elements of a tensor of floating point numbers. */
    public static double[] numbers(Tensor tensor) {
        ByteBuffer data = tensor.data();
        double[] numbers = new double[tensor.elements()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (tensor.type()) {
                case FP16 -> Float.float16ToFloat(data.getShort());
                case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
                case FP32 -> data.getFloat();
                case FP64 -> data.getDouble();
                default -> throw new IllegalArgumentException(tensor + " has no floating point numbers");
            };
        }
        return numbers;
    }
}
