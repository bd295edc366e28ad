package forge.ai.api.vector;

import java.util.List;

/**
 * What k-means found. Arrays are not copied, not to be changed.
 *
 * @param centroids the mean of each cluster
 * @param assignments for each vector, in order, the number of its cluster
 * @param sizes how many vectors each cluster has; none is empty unless there are fewer different vectors than clusters
 * @param inertia the sum of the squared Euclidean distances of the vectors from the centroids of their clusters
 * @param history the inertia after each iteration; it never rises
 * @param converged whether it ended by itself, not by the limit of iterations
 */
public record Clusters(
        List<float[]> centroids,
        int[] assignments,
        int[] sizes,
        double inertia,
        List<Double> history,
        boolean converged) {

    public Clusters {
        centroids = List.copyOf(centroids);
        history = List.copyOf(history);
    }

    public int iterations() {
        return history.size();
    }
}
