package forge.ai.backend.huggingface;

/** Probabilities from the numbers of a network. */
final class Softmax {

    private Softmax() {}

    static float sigmoid(float number) {
        return (float) (1 / (1 + Math.exp(-number)));
    }

    /** In place, over {@code count} numbers from {@code from} on. */
    static void apply(float[] numbers, int from, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, numbers[i]);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(numbers[i] - largest);
        }
        for (int i = from; i < from + count; i++) {
            numbers[i] = (float) (Math.exp(numbers[i] - largest) / sum);
        }
    }

    /** The place of the highest of {@code count} numbers, counted from {@code from}; the first of several. */
    static int highest(float[] numbers, int from, int count) {
        int highest = 0;
        for (int i = 1; i < count; i++) {
            highest = numbers[from + i] > numbers[from + highest] ? i : highest;
        }
        return highest;
    }
}
