package forge.ai.runtime.vectors;

import forge.ai.api.vector.Metric;

/** The scores of pairs of vectors, added up in double precision. */
final class Scores {

    private final Metric metric;
    private final float[] query;
    private final double queryLength;

    /** Of one vector with others. */
    Scores(Metric metric, float[] query) {
        this.metric = metric;
        this.query = query;
        this.queryLength = Math.sqrt(dot(query, query));
    }

    double of(float[] vector) {
        return switch (metric) {
            case DOT -> dot(query, vector);
            case EUCLIDEAN -> Math.sqrt(squaredDistance(query, vector));
            case COSINE -> cosine(vector);
        };
    }

    private double cosine(float[] vector) {
        double dot = 0;
        double length = 0;
        for (int i = 0; i < query.length; i++) {
            dot += (double) query[i] * vector[i];
            length += (double) vector[i] * vector[i];
        }
        return Math.clamp(dot / (queryLength * Math.sqrt(length)), -1, 1);
    }

    /** Whether the first score is nearer, in the manner of a comparator. */
    int compare(double one, double other) {
        return metric.moreIsNearer() ? Double.compare(other, one) : Double.compare(one, other);
    }

    static double dot(float[] one, float[] other) {
        // Four sums at a time: one alone waits for each addition to end before the next.
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < one.length; i += 4) {
            a += (double) one[i] * other[i];
            b += (double) one[i + 1] * other[i + 1];
            c += (double) one[i + 2] * other[i + 2];
            d += (double) one[i + 3] * other[i + 3];
        }
        for (; i < one.length; i++) {
            a += (double) one[i] * other[i];
        }
        return a + b + c + d;
    }

    static double squaredDistance(float[] one, float[] other) {
        double a = 0;
        double b = 0;
        int i = 0;
        for (; i + 1 < one.length; i += 2) {
            double first = (double) one[i] - other[i];
            double second = (double) one[i + 1] - other[i + 1];
            a += first * first;
            b += second * second;
        }
        if (i < one.length) {
            double last = (double) one[i] - other[i];
            a += last * last;
        }
        return a + b;
    }
}
