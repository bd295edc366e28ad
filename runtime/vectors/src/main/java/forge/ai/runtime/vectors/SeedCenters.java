package forge.ai.runtime.vectors;

import forge.ai.api.vector.ClusterOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The first centres of k-means by k-means++: each a vector, the likelier the farther it is from those before. */
final class SeedCenters {

    private SeedCenters() {}

    static double[][] of(List<float[]> vectors, ClusterOptions options) {
        Random random = new Random(options.seed());
        double[][] centers = new double[options.k()][];
        double[] nearest = new double[vectors.size()];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        int chosen = random.nextInt(vectors.size());
        for (int c = 0; c < centers.length; c++) {
            KMeans.checkInterrupt();
            centers[c] = doubles(vectors.get(chosen));
            double sum = 0;
            for (int i = 0; i < nearest.length; i++) {
                nearest[i] = Math.min(nearest[i], Distances.squared(vectors.get(i), centers[c]));
                sum += nearest[i];
            }
            chosen = pick(nearest, random.nextDouble() * sum);
        }
        return centers;
    }

    /** A place, each as likely as its weight; the first if none has any. */
    private static int pick(double[] weights, double at) {
        int last = 0;
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                sum += weights[i];
                if (sum > at) {
                    return i;
                }
            }
        }
        return last;
    }

    private static double[] doubles(float[] vector) {
        double[] all = new double[vector.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = vector[i];
        }
        return all;
    }
}
