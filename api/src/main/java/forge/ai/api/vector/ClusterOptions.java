package forge.ai.api.vector;

/**
 * How k-means goes about its work.
 *
 * @param k how many clusters, 1 or more and at most as many as there are vectors
 * @param seed of the random choice of the first centres; the same seed gives the same result
 * @param iterations the most iterations, 1 or more
 * @param tolerance it has converged when no assignment changes, or when an iteration lowers the inertia by at most this
 *     share of it; 0 or more
 */
public record ClusterOptions(int k, long seed, int iterations, double tolerance) {

    /** At most 300 iterations, until no assignment changes. */
    public static ClusterOptions of(int k, long seed) {
        return new ClusterOptions(k, seed, 300, 0);
    }

    public ClusterOptions withIterations(int value) {
        return new ClusterOptions(k, seed, value, tolerance);
    }

    public ClusterOptions withTolerance(double value) {
        return new ClusterOptions(k, seed, iterations, value);
    }
}
