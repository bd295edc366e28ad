package forge.ai.runtime.vectors;

import forge.ai.api.vector.ClusterOptions;
import forge.ai.api.vector.Clusters;
import forge.ai.api.vector.CollectionSpec;
import forge.ai.api.vector.Metric;
import forge.ai.api.vector.VectorEntry;
import forge.ai.api.vector.VectorFilter;
import forge.ai.api.vector.VectorMatch;
import forge.ai.api.vector.VectorQuery;
import forge.ai.runtime.testkit.Configs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Measures recall and latency of the search by the graph against the exact one, on seeded data: vectors in clusters, as
 * embeddings are, and evenly scattered ones, which are the hardest.
 *
 * <p>Arguments: entries (20000), dimensions (128), queries (500).
 */
final class SearchBenchmark {

    private static final int K = 10;
    private static final int CENTERS = 200;

    private SearchBenchmark() {}

    public static void main(String... arguments) throws Exception {
        int entries = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
        int dimensions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 128;
        int queries = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 500;
        Path home = Files.createTempDirectory("vectors");
        LuceneVectorService service =
                new LuceneVectorService(home, Configs.of(LuceneVectorService.Config.class, Map.of()));
        try {
            for (Metric metric : Metric.values()) {
                run(service, "clustered", metric, clustered(entries + queries, dimensions), queries);
            }
            run(service, "scattered", Metric.COSINE, scattered(entries + queries, dimensions), queries);
            cluster(service);
        } finally {
            service.deactivate();
        }
    }

    private static List<float[]> scattered(int count, int dimensions) {
        Random random = new Random(1);
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] vector = new float[dimensions];
            for (int d = 0; d < dimensions; d++) {
                vector[d] = (float) random.nextGaussian();
            }
            all.add(vector);
        }
        return all;
    }

    private static List<float[]> clustered(int count, int dimensions) {
        Random random = new Random(2);
        List<float[]> centers = scattered(CENTERS, dimensions);
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] vector = centers.get(random.nextInt(CENTERS)).clone();
            for (int d = 0; d < dimensions; d++) {
                vector[d] += (float) (random.nextGaussian() * 0.5);
            }
            all.add(vector);
        }
        return all;
    }

    private static void run(
            LuceneVectorService service, String data, Metric metric, List<float[]> vectors, int queries) {
        String name = (data + "-" + metric).toLowerCase(Locale.ROOT);
        service.create(CollectionSpec.of(name, vectors.getFirst().length, metric));
        List<VectorEntry> entries = new ArrayList<>();
        for (int i = queries; i < vectors.size(); i++) {
            entries.add(VectorEntry.of("id" + i, vectors.get(i)).withMetadata(Map.of("tenth", i % 10)));
        }
        long begun = System.nanoTime();
        for (int from = 0; from < entries.size(); from += 5_000) {
            service.add(name, entries.subList(from, Math.min(entries.size(), from + 5_000)));
        }
        System.out.printf(Locale.ROOT, "%s, %d entries put in within %.1f s%n", name, entries.size(), seconds(begun));
        List<float[]> asked = vectors.subList(0, queries);
        VectorFilter none = VectorFilter.all();
        List<Set<String>> exact = measure(service, name, "exact", asked, none, true, 0, List.of());
        for (int effort : new int[] {10, 50, 100, 200, 400}) {
            measure(service, name, "graph, effort " + effort, asked, none, false, effort, exact);
        }
        VectorFilter tenth = VectorFilter.equal("tenth", 3);
        List<Set<String>> filtered = measure(service, name, "exact, filtered", asked, tenth, true, 0, List.of());
        measure(service, name, "graph, effort 100, filtered", asked, tenth, false, 100, filtered);
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static List<Set<String>> measure(
            LuceneVectorService service,
            String name,
            String label,
            List<float[]> queries,
            VectorFilter filter,
            boolean exact,
            int effort,
            List<Set<String>> wanted) {
        List<Set<String>> found = List.of();
        long[] nanos = new long[queries.size()];
        // Twice: the first time warms up.
        for (int round = 0; round < 2; round++) {
            found = new ArrayList<>();
            for (int i = 0; i < queries.size(); i++) {
                VectorQuery query = new VectorQuery(name, queries.get(i), "", K, filter, exact, effort);
                long begun = System.nanoTime();
                List<VectorMatch> matches = service.search(query);
                nanos[i] = System.nanoTime() - begun;
                found.add(matches.stream().map(match -> match.entry().id()).collect(Collectors.toSet()));
            }
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "  %-30s p50 %7.3f ms  p99 %7.3f ms%s%n",
                label,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                wanted.isEmpty() ? "" : String.format(Locale.ROOT, "  recall@%d %.4f", K, recall(found, wanted)));
        return found;
    }

    private static double recall(List<Set<String>> found, List<Set<String>> wanted) {
        int hits = 0;
        int all = 0;
        for (int i = 0; i < wanted.size(); i++) {
            Set<String> both = new HashSet<>(found.get(i));
            both.retainAll(wanted.get(i));
            hits += both.size();
            all += wanted.get(i).size();
        }
        return (double) hits / all;
    }

    private static void cluster(LuceneVectorService service) {
        long begun = System.nanoTime();
        Clusters found = service.cluster("clustered-euclidean", VectorFilter.all(), ClusterOptions.of(CENTERS, 1))
                .clusters();
        System.out.printf(
                Locale.ROOT,
                "k-means, k %d: %.1f s, %d iterations, inertia %.0f%n",
                CENTERS,
                seconds(begun),
                found.iterations(),
                found.inertia());
    }
}
