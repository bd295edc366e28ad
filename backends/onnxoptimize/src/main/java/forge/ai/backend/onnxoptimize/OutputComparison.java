package forge.ai.backend.onnxoptimize;

import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Map;

/** How far the outputs of two forms of a model are apart, over several calls. */
final class OutputComparison {

    private double maxDifference;
    private long rows;
    private long agreeing;

    void add(Map<String, Tensor> before, Map<String, Tensor> after) {
        before.forEach((name, tensor) -> add(tensor, after.get(name)));
    }

    private void add(Tensor before, Tensor after) {
        if (!RandomInputs.real(before.type()) || !before.toString().equals(after.toString())) {
            boolean equal = before.equals(after);
            rows++;
            agreeing += equal ? 1 : 0;
            if (!before.toString().equals(after.toString())) {
                maxDifference = Double.POSITIVE_INFINITY;
            }
            return;
        }
        int columns = before.rank() == 0 ? 1 : Math.max(1, (int) before.dimension(before.rank() - 1));
        double[] first = numbers(before);
        double[] second = numbers(after);
        double largest = Double.MIN_NORMAL;
        double difference = 0;
        for (int i = 0; i < first.length; i++) {
            largest = Math.max(largest, Math.abs(first[i]));
            difference = Math.max(difference, difference(first[i], second[i]));
        }
        maxDifference = Math.max(maxDifference, difference / largest);
        for (int from = 0; from < first.length; from += columns) {
            rows++;
            agreeing += highest(first, from, columns) == highest(second, from, columns) ? 1 : 0;
        }
    }

    /** Numbers that are no numbers, or endless, equal their like and nothing else. */
    private static double difference(double first, double second) {
        if (Double.compare(first, second) == 0) {
            return 0;
        }
        double difference = Math.abs(first - second);
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }

    private static int highest(double[] numbers, int from, int count) {
        int highest = from;
        for (int i = from; i < from + count; i++) {
            highest = numbers[i] > numbers[highest] ? i : highest;
        }
        return highest;
    }

    private static double[] numbers(Tensor tensor) {
        ByteBuffer data = tensor.data();
        double[] numbers = new double[tensor.elements()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (tensor.type()) {
                case FP16 -> Float.float16ToFloat(data.getShort());
                case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
                case FP32 -> data.getFloat();
                default -> data.getDouble();
            };
        }
        return numbers;
    }

    double maxDifference() {
        return maxDifference;
    }

    double agreement() {
        return rows == 0 ? 1 : (double) agreeing / rows;
    }
}
