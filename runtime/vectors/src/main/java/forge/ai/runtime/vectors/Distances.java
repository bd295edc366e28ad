package forge.ai.runtime.vectors;

/** Squared Euclidean distances. */
final class Distances {

    private Distances() {}

    static double squared(float[] one, double[] other) {
        // Four sums at a time: one alone waits for each addition to end before the next.
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < one.length; i += 4) {
            a += square(one[i] - other[i]);
            b += square(one[i + 1] - other[i + 1]);
            c += square(one[i + 2] - other[i + 2]);
            d += square(one[i + 3] - other[i + 3]);
        }
        for (; i < one.length; i++) {
            a += square(one[i] - other[i]);
        }
        return a + b + c + d;
    }

    static double squared(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += square(one[i] - other[i]);
        }
        return sum;
    }

    private static double square(double value) {
        return value * value;
    }
}
