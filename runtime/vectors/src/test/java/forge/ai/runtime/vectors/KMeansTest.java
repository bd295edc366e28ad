package forge.ai.runtime.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import forge.ai.api.CancelledException;
import forge.ai.api.vector.ClusterOptions;
import forge.ai.api.vector.Clusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KMeansTest {

    @Test
    void groupsThatLieApartAreFound() {
        List<float[]> vectors = List.of(
                new float[] {1, 1},
                new float[] {1.5f, 2},
                new float[] {1, 1.5f},
                new float[] {8, 8},
                new float[] {9, 8},
                new float[] {8, 9},
                new float[] {-7, 3},
                new float[] {-7, 5});
        Clusters found = KMeans.of(vectors, ClusterOptions.of(3, 1));
        int[] a = found.assignments();
        assertThat(a[1]).isEqualTo(a[0]);
        assertThat(a[2]).isEqualTo(a[0]);
        assertThat(a[4]).isEqualTo(a[3]);
        assertThat(a[5]).isEqualTo(a[3]);
        assertThat(a[7]).isEqualTo(a[6]);
        assertThat(Set.of(a[0], a[3], a[6])).hasSize(3);
        assertThat(found.centroids().get(a[6])).containsExactly(-7, 4);
        assertThat(found.centroids().get(a[3])).containsExactly(new float[] {25 / 3f, 25 / 3f}, within(1e-6f));
        // By hand: 1/6 + 1/2 in the first group, 4/3 in the second, 2 in the third.
        assertThat(found.inertia()).isCloseTo(1 / 6.0 + 0.5 + 4 / 3.0 + 2, within(1e-6));
        assertThat(found.converged()).isTrue();
        assertThat(found.sizes()).containsExactlyInAnyOrder(3, 3, 2);
    }

    /** All partitions of ten points are tried; the best of some seeds has to be as good as the best of them. */
    @Test
    void theBestOfSomeSeedsIsTheOptimum() {
        for (int round = 0; round < 20; round++) {
            List<float[]> vectors = random(10, 2, round);
            double optimum = optimum(vectors, 3);
            double best = IntStream.range(0, 50)
                    .mapToDouble(seed ->
                            KMeans.of(vectors, ClusterOptions.of(3, seed)).inertia())
                    .min()
                    .orElseThrow();
            assertThat(best).isCloseTo(optimum, within(1e-9 * optimum));
        }
    }

    private static double optimum(List<float[]> vectors, int k) {
        int[] assignments = new int[vectors.size()];
        double best = Double.POSITIVE_INFINITY;
        for (int code = 0; code < Math.pow(k, vectors.size()); code++) {
            for (int i = 0, rest = code; i < assignments.length; i++, rest /= k) {
                assignments[i] = rest % k;
            }
            best = Math.min(best, inertia(vectors, assignments, k));
        }
        return best;
    }

    private static double inertia(List<float[]> vectors, int[] assignments, int k) {
        double[][] means = means(vectors, assignments, k);
        double sum = 0;
        for (int i = 0; i < assignments.length; i++) {
            sum += squared(vectors.get(i), means[assignments[i]]);
        }
        return sum;
    }

    private static double[][] means(List<float[]> vectors, int[] assignments, int k) {
        int length = vectors.getFirst().length;
        double[][] means = new double[k][length];
        int[] sizes = new int[k];
        for (int i = 0; i < assignments.length; i++) {
            sizes[assignments[i]]++;
            for (int d = 0; d < length; d++) {
                means[assignments[i]][d] += vectors.get(i)[d];
            }
        }
        for (int c = 0; c < k; c++) {
            for (int d = 0; d < length; d++) {
                means[c][d] /= Math.max(1, sizes[c]);
            }
        }
        return means;
    }

    private static double squared(float[] one, double[] other) {
        double sum = 0;
        for (int d = 0; d < one.length; d++) {
            sum += (one[d] - other[d]) * (one[d] - other[d]);
        }
        return sum;
    }

    private static List<float[]> random(int count, int length, long seed) {
        Random random = new Random(seed);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] vector = new float[length];
            for (int d = 0; d < length; d++) {
                // In heaps, and some vectors more than once.
                vector[d] = random.nextInt(6) * 3 + (random.nextBoolean() ? 0 : (float) random.nextGaussian());
            }
            vectors.add(vector);
        }
        return vectors;
    }

    @Test
    void theInertiaNeverRisesAndTheResultIsConsistent() {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            int count = 1 + random.nextInt(120);
            int k = 1 + random.nextInt(Math.min(count, 25));
            List<float[]> vectors = random(count, 1 + random.nextInt(6), round);
            Clusters found = KMeans.of(vectors, ClusterOptions.of(k, round));
            List<Double> history = found.history();
            for (int i = 1; i < history.size(); i++) {
                assertThat(history.get(i)).isLessThanOrEqualTo(history.get(i - 1) * (1 + 1e-12) + 1e-12);
            }
            assertThat(found.converged()).isTrue();
            assertThat(found.inertia()).isEqualTo(history.getLast());
            assertThat(found.inertia()).isCloseTo(inertia(vectors, found.assignments(), k), within(1e-6));
            assertNoEmptyClusters(vectors, k, found);
            assertEachIsAtTheNearest(vectors, found);
        }
    }

    private static void assertNoEmptyClusters(List<float[]> vectors, int k, Clusters found) {
        Set<List<Float>> different = new HashSet<>();
        for (float[] vector : vectors) {
            List<Float> values = new ArrayList<>();
            for (float value : vector) {
                values.add(value);
            }
            different.add(values);
        }
        assertThat(Arrays.stream(found.sizes()).filter(size -> size > 0).count())
                .isEqualTo(Math.min(k, different.size()));
        assertThat(Arrays.stream(found.sizes()).sum()).isEqualTo(vectors.size());
        for (int c = 0; c < k; c++) {
            int number = c;
            assertThat(Arrays.stream(found.assignments())
                            .filter(a -> a == number)
                            .count())
                    .isEqualTo(found.sizes()[c]);
        }
    }

    private static void assertEachIsAtTheNearest(List<float[]> vectors, Clusters found) {
        double[][] centers = means(vectors, found.assignments(), found.sizes().length);
        for (int i = 0; i < vectors.size(); i++) {
            double own = squared(vectors.get(i), centers[found.assignments()[i]]);
            for (int c = 0; c < centers.length; c++) {
                if (found.sizes()[c] > 0) {
                    assertThat(own).isLessThanOrEqualTo(squared(vectors.get(i), centers[c]) + 1e-9);
                }
            }
        }
    }

    /** Lloyd's iterations without any bounds, from the same seeds. */
    @Test
    void theBoundsChangeNothing() {
        for (int round = 0; round < 20; round++) {
            Random random = new Random(round);
            List<float[]> vectors = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                float[] vector = new float[8];
                for (int d = 0; d < vector.length; d++) {
                    vector[d] = (float) random.nextGaussian();
                }
                vectors.add(vector);
            }
            ClusterOptions options = ClusterOptions.of(12, round);
            double[][] centers = SeedCenters.of(vectors, options);
            int[] assignments = new int[vectors.size()];
            int[] before;
            do {
                before = assignments.clone();
                for (int i = 0; i < assignments.length; i++) {
                    for (int c = 0; c < centers.length; c++) {
                        if (squared(vectors.get(i), centers[c]) < squared(vectors.get(i), centers[assignments[i]])) {
                            assignments[i] = c;
                        }
                    }
                }
                centers = means(vectors, assignments, centers.length);
            } while (!Arrays.equals(before, assignments));
            assertThat(KMeans.of(vectors, options).assignments()).containsExactly(assignments);
        }
    }

    @Test
    void theSameSeedGivesTheSameResult() {
        List<float[]> vectors = random(200, 4, 1);
        Clusters one = KMeans.of(vectors, ClusterOptions.of(9, 42));
        Clusters other = KMeans.of(vectors, ClusterOptions.of(9, 42));
        assertThat(other.assignments()).containsExactly(one.assignments());
        assertThat(other.history()).isEqualTo(one.history());
    }

    @Test
    void itEndsAtTheLimitOfIterationsOrAtTheTolerance() {
        List<float[]> vectors = random(500, 4, 1);
        Clusters whole = KMeans.of(vectors, ClusterOptions.of(20, 1));
        assertThat(whole.iterations()).isGreaterThan(4);
        Clusters cut = KMeans.of(vectors, ClusterOptions.of(20, 1).withIterations(2));
        assertThat(cut.converged()).isFalse();
        assertThat(cut.history()).isEqualTo(whole.history().subList(0, 2));
        Clusters rough = KMeans.of(vectors, ClusterOptions.of(20, 1).withTolerance(0.2));
        assertThat(rough.converged()).isTrue();
        assertThat(rough.iterations()).isLessThan(whole.iterations());
    }

    @Test
    void fewerDifferentVectorsThanClustersLeaveSomeEmpty() {
        List<float[]> vectors = List.of(new float[] {1}, new float[] {1}, new float[] {2}, new float[] {2});
        Clusters found = KMeans.of(vectors, ClusterOptions.of(3, 5));
        assertThat(found.inertia()).isZero();
        assertThat(found.sizes()).containsExactlyInAnyOrder(2, 2, 0);
        assertThat(found.converged()).isTrue();
    }

    @Test
    void anInterruptEndsIt() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> KMeans.of(random(100, 2, 1), ClusterOptions.of(3, 1)))
                    .isInstanceOf(CancelledException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
