package forge.ai.runtime.vectors;

import forge.ai.api.CancelledException;
import forge.ai.api.vector.ClusterOptions;
import forge.ai.api.vector.Clusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * k-means: the first centres by k-means++ (Arthur and Vassilvitskii 2007), then Lloyd's iterations, in which the bounds of
 * Hamerly (2010) tell for most vectors without a look at the other centres that they stay where they are.
 */
final class KMeans {

    private static final int NONE = -1;

    private final List<float[]> vectors;
    private final ClusterOptions options;
    private final int dimensions;
    private final double[][] centers;
    private final int[] assignments;
    private final int[] sizes;

    /** The distance of each vector from its own centre, exact. */
    private final double[] own;

    /** At most the distance of each vector from the nearest of the other centres. */
    private final double[] others;

    private KMeans(List<float[]> vectors, ClusterOptions options) {
        this.vectors = vectors;
        this.options = options;
        dimensions = vectors.getFirst().length;
        centers = SeedCenters.of(vectors, options);
        assignments = new int[vectors.size()];
        sizes = new int[options.k()];
        own = new double[vectors.size()];
        others = new double[vectors.size()];
    }

    /** @param vectors at least k, of one length */
    static Clusters of(List<float[]> vectors, ClusterOptions options) {
        return new KMeans(vectors, options).run();
    }

    private Clusters run() {
        assignFirst();
        List<Double> history = new ArrayList<>();
        boolean converged = false;
        double before = Double.POSITIVE_INFINITY;
        while (!converged && history.size() < options.iterations()) {
            checkInterrupt();
            // The first assignment follows from the seeds; each further one from the centres before it.
            boolean changed = history.isEmpty() || assign();
            changed |= fillEmpty();
            if (changed) {
                moveCenters();
            }
            double inertia = inertia();
            history.add(inertia);
            converged = !changed || before - inertia <= options.tolerance() * before && history.size() > 1;
            before = inertia;
        }
        return new Clusters(
                Stream.of(centers).map(KMeans::rounded).toList(), assignments, sizes, before, history, converged);
    }

    private void assignFirst() {
        for (int i = 0; i < assignments.length; i++) {
            look(i);
            sizes[assignments[i]]++;
        }
    }

    /** Looks at all centres for the nearest and the distance of the second. */
    private void look(int i) {
        double first = Double.POSITIVE_INFINITY;
        double second = Double.POSITIVE_INFINITY;
        int nearest = 0;
        for (int c = 0; c < centers.length; c++) {
            double distance = Distances.squared(vectors.get(i), centers[c]);
            if (distance < first) {
                second = first;
                first = distance;
                nearest = c;
            } else if (distance < second) {
                second = distance;
            }
        }
        assignments[i] = nearest;
        own[i] = Math.sqrt(first);
        others[i] = Math.sqrt(second);
    }

    /** Whether any vector has gone to another centre. */
    private boolean assign() {
        double[] half = halfDistances();
        boolean changed = false;
        for (int i = 0; i < assignments.length; i++) {
            if (own[i] > Math.max(others[i], half[assignments[i]])) {
                int before = assignments[i];
                double distance = own[i];
                look(i);
                if (own[i] >= distance) {
                    // As near as another: it stays, or two centres could hand it to and fro.
                    assignments[i] = before;
                } else if (assignments[i] != before) {
                    sizes[before]--;
                    sizes[assignments[i]]++;
                    changed = true;
                }
            }
        }
        return changed;
    }

    /** Of each centre, half the distance to the nearest other one: what is nearer has no nearer centre. */
    private double[] halfDistances() {
        double[] half = new double[centers.length];
        Arrays.fill(half, Double.POSITIVE_INFINITY);
        for (int a = 0; a < centers.length; a++) {
            checkInterrupt();
            for (int b = a + 1; b < centers.length; b++) {
                double distance = Math.sqrt(Distances.squared(centers[a], centers[b])) / 2;
                half[a] = Math.min(half[a], distance);
                half[b] = Math.min(half[b], distance);
            }
        }
        return half;
    }

    /** Gives each empty cluster the vector that is farthest from its own centre, unless all are on theirs. */
    private boolean fillEmpty() {
        boolean filled = false;
        for (int c = 0; c < sizes.length; c++) {
            if (sizes[c] == 0) {
                int farthest = farthest();
                if (farthest != NONE) {
                    sizes[assignments[farthest]]--;
                    sizes[c] = 1;
                    assignments[farthest] = c;
                    own[farthest] = 0;
                    others[farthest] = 0;
                    filled = true;
                }
            }
        }
        return filled;
    }

    /** The vector farthest from its own centre that is not alone there; none if all those are on theirs. */
    private int farthest() {
        int farthest = 0;
        double most = 0;
        for (int i = 0; i < own.length; i++) {
            if (own[i] > most && sizes[assignments[i]] > 1) {
                farthest = i;
                most = own[i];
            }
        }
        return most > 0 ? farthest : NONE;
    }

    /** Moves each centre to the mean of its vectors, and with it the bounds. */
    private void moveCenters() {
        double[][] sums = new double[centers.length][dimensions];
        for (int i = 0; i < assignments.length; i++) {
            double[] sum = sums[assignments[i]];
            float[] vector = vectors.get(i);
            for (int d = 0; d < dimensions; d++) {
                sum[d] += vector[d];
            }
        }
        double farthest = 0;
        for (int c = 0; c < centers.length; c++) {
            if (sizes[c] > 0) {
                for (int d = 0; d < dimensions; d++) {
                    sums[c][d] /= sizes[c];
                }
                farthest = Math.max(farthest, Math.sqrt(Distances.squared(sums[c], centers[c])));
                centers[c] = sums[c];
            }
        }
        for (int i = 0; i < others.length; i++) {
            others[i] -= farthest;
        }
    }

    /** Measures each vector's distance from its centre anew. */
    private double inertia() {
        double sum = 0;
        for (int i = 0; i < own.length; i++) {
            double squared = Distances.squared(vectors.get(i), centers[assignments[i]]);
            own[i] = Math.sqrt(squared);
            sum += squared;
        }
        return sum;
    }

    private static float[] rounded(double[] center) {
        float[] rounded = new float[center.length];
        for (int d = 0; d < rounded.length; d++) {
            rounded[d] = (float) center[d];
        }
        return rounded;
    }

    static void checkInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("interrupted while clustering");
        }
    }
}
