package forge.ai.runtime.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import forge.ai.api.CancelledException;
import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.NotFoundException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.vector.ClusterOptions;
import forge.ai.api.vector.CollectionSpec;
import forge.ai.api.vector.Metric;
import forge.ai.api.vector.StoredClusters;
import forge.ai.api.vector.VectorCollection;
import forge.ai.api.vector.VectorEntry;
import forge.ai.api.vector.VectorFilter;
import forge.ai.api.vector.VectorMatch;
import forge.ai.api.vector.VectorQuery;
import forge.ai.runtime.testkit.Configs;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class VectorServiceTest {

    @TempDir
    private Path home;

    private LuceneVectorService service;

    @BeforeEach
    void open() {
        service = service(Map.of());
    }

    private LuceneVectorService service(Map<String, ?> values) {
        return new LuceneVectorService(home, Configs.of(LuceneVectorService.Config.class, values));
    }

    @AfterEach
    void close() {
        service.deactivate();
    }

    private static float[] vector(Random random, int length) {
        float[] vector = new float[length];
        for (int d = 0; d < length; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        return vector;
    }

    /** Entries with metadata of every kind, some keys missing. */
    private static List<VectorEntry> entries(int from, int to, int length, Random random) {
        return IntStream.range(from, to)
                .mapToObj(i -> {
                    Map<String, Object> metadata = new HashMap<>();
                    metadata.put("group", "g" + i % 3);
                    metadata.put("year", 2000L + i % 20);
                    if (i % 2 == 0) {
                        metadata.put("price", i / 4.0);
                        metadata.put("open", i % 4 == 0);
                    }
                    return VectorEntry.of("id" + i, vector(random, length)).withMetadata(metadata);
                })
                .toList();
    }

    /** What the search has to find, in a way of its own: everything measured and sorted. */
    private static List<String> bruteForce(List<VectorEntry> entries, float[] query, Metric metric, int k) {
        Comparator<VectorEntry> nearer = Comparator.comparingDouble(e -> score(e.vector(), query, metric));
        return entries.stream()
                .sorted((metric == Metric.EUCLIDEAN ? nearer : nearer.reversed()).thenComparing(VectorEntry::id))
                .limit(k)
                .map(VectorEntry::id)
                .toList();
    }

    private static double score(float[] one, float[] other, Metric metric) {
        double dot = 0;
        double a = 0;
        double b = 0;
        double distance = 0;
        for (int d = 0; d < one.length; d++) {
            dot += (double) one[d] * other[d];
            a += (double) one[d] * one[d];
            b += (double) other[d] * other[d];
            distance += Math.pow((double) one[d] - other[d], 2);
        }
        return switch (metric) {
            case DOT -> dot;
            case COSINE -> dot / Math.sqrt(a) / Math.sqrt(b);
            case EUCLIDEAN -> Math.sqrt(distance);
        };
    }

    private static List<String> ids(List<VectorMatch> matches) {
        return matches.stream().map(match -> match.entry().id()).toList();
    }

    @ParameterizedTest
    @EnumSource
    void anExactSearchEqualsBruteForceThroughReplacementsAndDeletions(Metric metric) {
        service.create(CollectionSpec.of("c", 12, metric));
        Random random = new Random(metric.ordinal());
        Map<String, VectorEntry> model = new HashMap<>();
        for (int round = 0; round < 8; round++) {
            int from = random.nextInt(300);
            List<VectorEntry> batch = entries(from, from + 1 + random.nextInt(200), 12, random);
            service.put("c", batch);
            batch.forEach(entry -> model.put(entry.id(), entry));
            List<String> gone = random.ints(20, 0, 500).mapToObj(i -> "id" + i).toList();
            int removed = (int) new HashSet<>(gone)
                    .stream().filter(model.keySet()::contains).count();
            assertThat(service.delete("c", gone)).isEqualTo(removed);
            gone.forEach(model::remove);
            assertThat(service.collection("c").entries()).isEqualTo(model.size());

            float[] query = vector(random, 12);
            int k = 1 + random.nextInt(30);
            List<VectorMatch> found =
                    service.search(VectorQuery.of("c", query, k).exactly());
            List<VectorEntry> all = List.copyOf(model.values());
            assertThat(ids(found)).isEqualTo(bruteForce(all, query, metric, k));
            for (VectorMatch match : found) {
                VectorEntry entry = model.get(match.entry().id());
                assertThat(match.score()).isCloseTo(score(entry.vector(), query, metric), within(1e-9));
                assertThat(match.entry().vector()).containsExactly(entry.vector());
                assertThat(match.entry().metadata()).isEqualTo(entry.metadata());
            }
            List<VectorEntry> group = all.stream()
                    .filter(e -> e.metadata().get("group").equals("g1"))
                    .toList();
            VectorQuery filtered = VectorQuery.of("c", query, k).withFilter(VectorFilter.equal("group", "g1"));
            assertThat(ids(service.search(filtered.exactly()))).isEqualTo(bruteForce(group, query, metric, k));
            // Fewer than are kept as candidates: the graph finds them all.
            assertThat(ids(service.search(filtered.withEffort(500)))).isEqualTo(bruteForce(group, query, metric, k));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theGraphFindsNearlyAllOfTheNearest(Metric metric) {
        service.create(CollectionSpec.of("c", 24, metric));
        Random random = new Random(5);
        List<VectorEntry> all = entries(0, 4000, 24, random);
        for (int from = 0; from < 4000; from += 1000) {
            service.add("c", all.subList(from, from + 1000));
        }
        int hits = 0;
        for (int i = 0; i < 50; i++) {
            float[] query = vector(random, 24);
            List<String> found = ids(service.search(VectorQuery.of("c", query, 10)));
            List<String> exact = bruteForce(all, query, metric, 10);
            hits += (int) found.stream().filter(exact::contains).count();
        }
        assertThat(hits / 500.0).isGreaterThan(0.9);
    }

    @Test
    void ofEquallyNearTheLesserIdsAreFound() {
        service.create(CollectionSpec.of("c", 2, Metric.DOT));
        List<VectorEntry> equal = new ArrayList<>(IntStream.range(100, 200)
                .mapToObj(i -> VectorEntry.of("id" + i, 1, 1))
                .toList());
        Collections.shuffle(equal, new Random(1));
        service.add("c", equal);
        assertThat(ids(service.search(VectorQuery.of("c", new float[] {1, 0}, 3).exactly())))
                .containsExactly("id100", "id101", "id102");
    }

    @Test
    void filtersSelectByEqualityMembershipRangeAndTheirCombinations() {
        service.create(CollectionSpec.of("c", 3, Metric.EUCLIDEAN));
        List<VectorEntry> all = entries(0, 100, 3, new Random(1));
        service.add("c", all);
        Map<VectorFilter, java.util.function.Predicate<Map<String, Object>>> filters = Map.ofEntries(
                Map.entry(VectorFilter.all(), m -> true),
                Map.entry(VectorFilter.equal("group", "g2"), m -> "g2".equals(m.get("group"))),
                Map.entry(VectorFilter.equal("open", true), m -> Boolean.TRUE.equals(m.get("open"))),
                Map.entry(VectorFilter.equal("open", "true"), m -> false),
                Map.entry(VectorFilter.equal("year", 2007), m -> m.get("year").equals(2007L)),
                Map.entry(VectorFilter.equal("year", 2007.0), m -> m.get("year").equals(2007L)),
                Map.entry(VectorFilter.equal("price", 3), m -> Double.valueOf(3).equals(m.get("price"))),
                Map.entry(
                        VectorFilter.equal("price", new BigDecimal("2.5")),
                        m -> Double.valueOf(2.5).equals(m.get("price"))),
                Map.entry(VectorFilter.equal("none", 1), m -> false),
                Map.entry(
                        VectorFilter.in("year", 2001, "2002", 2003.0),
                        m -> List.of(2001L, 2003L).contains(m.get("year"))),
                Map.entry(VectorFilter.in("group"), m -> false),
                Map.entry(
                        VectorFilter.between("year", 2005, 2010),
                        m -> (Long) m.get("year") >= 2005 && (Long) m.get("year") <= 2010),
                Map.entry(VectorFilter.atLeast("price", 10.5), m -> m.get("price") instanceof Double d && d >= 10.5),
                Map.entry(VectorFilter.atMost("price", 3), m -> m.get("price") instanceof Double d && d <= 3),
                Map.entry(VectorFilter.between("year", 2010, 2005), m -> false),
                Map.entry(
                        VectorFilter.and(VectorFilter.equal("group", "g1"), VectorFilter.atMost("year", 2004)),
                        m -> "g1".equals(m.get("group")) && (Long) m.get("year") <= 2004),
                Map.entry(
                        VectorFilter.or(VectorFilter.equal("group", "g1"), VectorFilter.equal("open", false)),
                        m -> "g1".equals(m.get("group")) || Boolean.FALSE.equals(m.get("open"))),
                Map.entry(VectorFilter.or(), m -> false),
                Map.entry(VectorFilter.not(VectorFilter.equal("open", true)), m -> !Boolean.TRUE.equals(m.get("open"))),
                Map.entry(
                        VectorFilter.not(VectorFilter.or(
                                VectorFilter.not(VectorFilter.equal("group", "g0")), VectorFilter.equal("open", true))),
                        m -> "g0".equals(m.get("group")) && !Boolean.TRUE.equals(m.get("open"))));
        filters.forEach((filter, reference) -> {
            List<String> wanted = all.stream()
                    .filter(entry -> reference.test(entry.metadata()))
                    .map(VectorEntry::id)
                    .toList();
            VectorQuery query = VectorQuery.of("c", new float[3], 200).withFilter(filter);
            assertThat(ids(service.search(query.exactly())))
                    .as("%s", filter)
                    .containsExactlyInAnyOrderElementsOf(wanted);
            assertThat(ids(service.search(query))).as("%s", filter).containsExactlyInAnyOrderElementsOf(wanted);
        });
    }

    @Test
    void wholeNumbersBeyondThePrecisionOfDoublesAreToldApart() {
        service.create(CollectionSpec.of("c", 1, Metric.DOT));
        long large = (1L << 60) + 1;
        service.add(
                "c",
                List.of(
                        VectorEntry.of("a", 1).withMetadata(Map.of("n", large)),
                        VectorEntry.of("b", 1).withMetadata(Map.of("n", large + 1))));
        VectorQuery query = VectorQuery.of("c", new float[] {1}, 5).withFilter(VectorFilter.equal("n", large));
        assertThat(ids(service.search(query))).containsExactly("a");
        assertThat(service.get("c", List.of("b")).getFirst().metadata()).containsEntry("n", large + 1);
    }

    @Test
    void everythingIsThereAgainInANewInstance() throws Exception {
        service.create(new CollectionSpec("c", 3072, Metric.COSINE, "local/m"));
        List<VectorEntry> all = entries(0, 20, 3072, new Random(2));
        VectorEntry full = all.getFirst()
                .withText("words \uD83D\uDE00")
                .withMetadata(Map.of("s", "", "l", Long.MIN_VALUE, "d", -0.1, "b", true, "i", 7));
        service.add("c", List.of(full));
        service.put("c", all.subList(1, 20));
        service.create(CollectionSpec.of("gone", 2, Metric.DOT));
        service.drop("gone");
        service.deactivate();
        assertThatThrownBy(() -> service.collections()).isInstanceOf(UnavailableException.class);
        service = service(Map.of());
        assertThat(service.collections())
                .containsExactly(new VectorCollection(new CollectionSpec("c", 3072, Metric.COSINE, "local/m"), 20));
        VectorEntry found = service.get("c", List.of("nobody", "id0")).getFirst();
        assertThat(found.text()).isEqualTo(full.text());
        assertThat(found.metadata()).isEqualTo(Map.of("s", "", "l", Long.MIN_VALUE, "d", -0.1, "b", true, "i", 7L));
        assertThat(found.vector()).containsExactly(full.vector());
        try (Stream<Path> folders = Files.list(home.resolve("data/vectors"))) {
            assertThat(folders.map(f -> f.getFileName().toString())).containsExactly("c");
        }
    }

    @Test
    void addRefusesWhatIsThereAndChangesNothing() {
        service.create(CollectionSpec.of("c", 2, Metric.DOT));
        service.add("c", List.of(VectorEntry.of("a", 1, 1)));
        refused("entries", () -> service.add("c", List.of(VectorEntry.of("b", 1, 1), VectorEntry.of("a", 2, 2))));
        assertThat(service.collection("c").entries()).isEqualTo(1);
        service.put("c", List.of(VectorEntry.of("b", 1, 1), VectorEntry.of("a", 2, 2)));
        assertThat(service.get("c", List.of("a", "b")))
                .extracting(entry -> entry.vector()[0])
                .containsExactly(2f, 1f);
    }

    private static void refused(String parameter, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ForgeException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(e.details().parameter()).isEqualTo(parameter);
        });
    }

    private static String text(int length) {
        return "x".repeat(length);
    }

    @Test
    void whatDoesNotFitIsRefusedByItsPlace() {
        service.create(CollectionSpec.of("c", 2, Metric.COSINE));
        refused("name", () -> service.create(CollectionSpec.of("c", 2, Metric.COSINE)));
        refused("name", () -> service.create(CollectionSpec.of("../c", 2, Metric.COSINE)));
        refused("name", () -> service.collection(".dropped-1"));
        refused("dimensions", () -> service.create(CollectionSpec.of("d", 4097, Metric.DOT)));
        refused("dimensions", () -> service.create(CollectionSpec.of("d", 0, Metric.DOT)));
        refused("entries[1].vector", () -> put(VectorEntry.of("a", 1, 1), VectorEntry.of("b", 1, 1, 1)));
        refused("entries[0].vector[1]", () -> put(VectorEntry.of("a", 1, Float.NaN)));
        refused("entries[0].vector[0]", () -> put(VectorEntry.of("a", Float.NEGATIVE_INFINITY, 0)));
        refused("entries[0].vector", () -> put(VectorEntry.of("a", 0, 0)));
        refused("entries[0].vector", () -> put(VectorEntry.of("a", 3e38f, 3e38f)));
        refused("entries[1].id", () -> put(VectorEntry.of("a", 1, 1), VectorEntry.of("a", 2, 1)));
        refused("entries[0].id", () -> put(VectorEntry.of("", 1, 1)));
        refused("entries[0].id", () -> put(VectorEntry.of(text(513), 1, 1)));
        refused("entries[0].text", () -> put(VectorEntry.of("a", 1, 1).withText(text(1_048_577))));
        refused("entries[0].metadata.k", () -> put(entry(Map.of("k", text(8193)))));
        refused("entries[0].metadata.k", () -> put(entry(Map.of("k", Double.NaN))));
        refused("entries[0].metadata", () -> put(entry(Map.of(text(129), 1))));
        refused("vector", () -> put(VectorEntry.ofText("a", "")));
        refused("vector", () -> service.search(VectorQuery.of("c", new float[3], 1)));
        refused("vector", () -> service.search(VectorQuery.of("c", new float[2], 1)));
        refused("vector[0]", () -> service.search(VectorQuery.of("c", new float[] {Float.NaN, 1}, 1)));
        refused("k", () -> service.search(VectorQuery.of("c", new float[] {1, 1}, 0)));
        refused("k", () -> service.search(VectorQuery.of("c", new float[] {1, 1}, 1001)));
        refused(
                "filter.y",
                () -> service.search(VectorQuery.of("c", new float[] {1, 1}, 1)
                        .withFilter(VectorFilter.between("y", 1, Double.NaN))));
        refused(
                "filter.y",
                () -> service.search(
                        VectorQuery.of("c", new float[] {1, 1}, 1).withFilter(VectorFilter.equal("y", List.of()))));
        refused("ids", () -> service.delete("c", Collections.nCopies(10_001, "a")));
        assertThatThrownBy(() -> entry(Map.of("k", List.of()))).isInstanceOf(IllegalArgumentException.class);
        VectorFilter deep = VectorFilter.equal("a", 1);
        for (int i = 0; i < 600; i++) {
            deep = VectorFilter.not(deep);
        }
        VectorQuery tooDeep = VectorQuery.of("c", new float[] {1, 1}, 1).withFilter(deep);
        refused("filter", () -> service.search(tooDeep));
        assertThat(service.collection("c").entries()).isZero();
    }

    private void put(VectorEntry... entries) {
        service.put("c", List.of(entries));
    }

    private static VectorEntry entry(Map<String, ?> metadata) {
        return VectorEntry.of("a", 1, 1).withMetadata(metadata);
    }

    @Test
    void theZeroVectorIsFineWhereItHasAMeaning() {
        service.create(CollectionSpec.of("c", 2, Metric.EUCLIDEAN));
        put(VectorEntry.of("zero", 0, 0), VectorEntry.of("far", 3, 4));
        List<VectorMatch> found = service.search(VectorQuery.of("c", new float[2], 2));
        assertThat(ids(found)).containsExactly("zero", "far");
        assertThat(found).extracting(VectorMatch::score).containsExactly(0.0, 5.0);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        List<ThrowingCallable> calls = List.of(
                () -> service.collection("no"),
                () -> service.drop("no"),
                () -> service.put("no", List.of(VectorEntry.of("a", 1))),
                () -> service.delete("no", List.of("a")),
                () -> service.get("no", List.of("a")),
                () -> service.search(VectorQuery.of("no", new float[] {1}, 1)),
                () -> service.cluster("no", VectorFilter.all(), ClusterOptions.of(1, 1)));
        assertThat(calls).allSatisfy(call -> assertThatThrownBy(call).isInstanceOf(NotFoundException.class));
        service.create(CollectionSpec.of("c", 1, Metric.DOT));
        put(VectorEntry.of("a", 1));
        service.drop("c");
        assertThatThrownBy(() -> service.search(VectorQuery.of("c", new float[] {1}, 1)))
                .isInstanceOf(NotFoundException.class);
        service.create(CollectionSpec.of("c", 2, Metric.COSINE));
        assertThat(service.collection("c").entries()).isZero();
    }

    @Test
    void aTextWithoutAModelIsUnsupportedAndWithoutAServiceUnavailable() {
        service.create(CollectionSpec.of("c", 2, Metric.DOT));
        assertThatThrownBy(() -> put(VectorEntry.ofText("a", "words"))).isInstanceOf(UnsupportedException.class);
        assertThatThrownBy(() -> service.search(VectorQuery.ofText("c", "words", 1)))
                .isInstanceOf(UnsupportedException.class);
        service.create(CollectionSpec.of("d", 2, Metric.DOT).withModel("p/m"));
        assertThatThrownBy(() -> service.search(VectorQuery.ofText("d", "words", 1)))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void thereAreNoMoreCollectionsAndEntriesThanAllowed() {
        service.deactivate();
        service = service(Map.of("maxCollections", 2, "maxEntries", 3));
        service.create(CollectionSpec.of("c", 1, Metric.DOT));
        service.create(CollectionSpec.of("d", 1, Metric.DOT));
        assertThatThrownBy(() -> service.create(CollectionSpec.of("e", 1, Metric.DOT)))
                .isInstanceOf(ResourceExhaustedException.class);
        put(VectorEntry.of("a", 1), VectorEntry.of("b", 1));
        put(VectorEntry.of("a", 2), VectorEntry.of("c", 1));
        assertThatThrownBy(() -> put(VectorEntry.of("a", 3), VectorEntry.of("d", 1)))
                .isInstanceOf(ResourceExhaustedException.class);
        assertThat(service.get("c", List.of("a")).getFirst().vector()).containsExactly(2);
        service.modified(Configs.of(LuceneVectorService.Config.class, Map.of("maxEntries", 0)));
        assertThatThrownBy(() -> put(VectorEntry.of("d", 1))).isInstanceOf(ResourceExhaustedException.class);
        service.modified(Configs.of(LuceneVectorService.Config.class, Map.of("maxEntries", 4)));
        put(VectorEntry.of("d", 1));
    }

    @Test
    void clustersAreFoundAmongTheEntriesThatTheFilterLetsThrough() {
        service.create(CollectionSpec.of("c", 2, Metric.COSINE));
        List<VectorEntry> entries = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            float side = i % 2 == 0 ? 10 : -10;
            entries.add(VectorEntry.of("id" + (100 + i), side, i % 5 + 1).withMetadata(Map.of("n", i)));
        }
        put(entries.toArray(VectorEntry[]::new));
        StoredClusters found = service.cluster("c", VectorFilter.atMost("n", 19), ClusterOptions.of(2, 1));
        assertThat(found.ids()).hasSize(20).isSorted();
        int[] assignments = found.clusters().assignments();
        for (int i = 0; i < 20; i++) {
            assertThat(assignments[i]).isEqualTo(assignments[i % 2]);
        }
        assertThat(assignments[0]).isNotEqualTo(assignments[1]);
        refused("k", () -> service.cluster("c", VectorFilter.equal("n", 1), ClusterOptions.of(2, 1)));
        refused("vectors[1]", () -> service.cluster(List.of(new float[1], new float[2]), ClusterOptions.of(1, 1)));
        refused("k", () -> service.cluster(List.of(), ClusterOptions.of(1, 1)));
    }

    @Test
    void whatIsAcknowledgedIsFoundAtOnceWhateverOthersDo() throws Exception {
        service.create(CollectionSpec.of("c", 4, Metric.EUCLIDEAN));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger searches = new AtomicInteger();
        // Virtual threads that search without a pause would not let those that write have a core.
        try (var executor = Executors.newCachedThreadPool()) {
            List<Future<?>> searching = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(i -> executor.submit(() -> {
                        Random random = new Random(i);
                        while (!stop.get()) {
                            service.search(VectorQuery.of("c", vector(random, 4), 5));
                            searches.incrementAndGet();
                        }
                    }))
                    .toList();
            List<Future<?>> writing = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(writer -> executor.submit(() -> {
                        Random random = new Random(writer);
                        for (int i = 0; i < 10; i++) {
                            VectorEntry entry = VectorEntry.of(writer + "-" + i, vector(random, 4));
                            service.add("c", List.of(entry));
                            VectorQuery self = VectorQuery.of("c", entry.vector(), 1);
                            assertThat(ids(service.search(self.exactly()))).containsExactly(entry.id());
                            if (i % 5 == 0) {
                                service.delete("c", List.of(entry.id()));
                                assertThat(service.get("c", List.of(entry.id())))
                                        .isEmpty();
                            }
                        }
                    }))
                    .toList();
            for (Future<?> future : writing) {
                future.get(50, TimeUnit.SECONDS);
            }
            stop.set(true);
            for (Future<?> future : searching) {
                future.get(10, TimeUnit.SECONDS);
            }
        }
        assertThat(service.collection("c").entries()).isEqualTo(32);
        assertThat(searches.get()).isPositive();
    }

    @Test
    void anInterruptedCallerLeavesTheCollectionAsGoodAsBefore() {
        service.create(CollectionSpec.of("c", 2, Metric.DOT));
        put(VectorEntry.of("a", 1, 1));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> put(VectorEntry.of("b", 1, 1))).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        put(VectorEntry.of("c", 1, 1));
        assertThat(ids(service.search(VectorQuery.of("c", new float[] {1, 1}, 9))))
                .contains("a", "c");
    }

    /** As while the bundle is replaced: the new instance is there while the old one still has calls in flight. */
    @Test
    void aSecondInstanceReadsAtOnceAndWritesOnceTheFirstLetsGo() throws Exception {
        service.create(CollectionSpec.of("c", 2, Metric.DOT));
        put(VectorEntry.of("a", 1, 1));
        LuceneVectorService next = service(Map.of());
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            VectorQuery query = VectorQuery.of("c", new float[] {1, 1}, 9);
            assertThat(ids(next.search(query))).containsExactly("a");
            put(VectorEntry.of("b", 1, 1));
            assertThat(ids(next.search(query))).containsExactly("a", "b");
            Future<?> write = executor.submit(() -> next.put("c", List.of(VectorEntry.of("c", 1, 1))));
            Future<?> drop = executor.submit(() -> {
                write.get();
                next.drop("c");
                return null;
            });
            assertThat(write.isDone()).isFalse();
            service.deactivate();
            drop.get(10, TimeUnit.SECONDS);
            assertThat(next.collections()).isEmpty();
        } finally {
            next.deactivate();
        }
    }

    @Test
    void anotherProcessOnTheSameHomeIsSaidToBeTheReason() {
        service.create(CollectionSpec.of("c", 2, Metric.DOT));
        put(VectorEntry.of("a", 1, 1));
        LuceneVectorService other = service(Map.of("lockWaitMillis", 20));
        try {
            assertThatThrownBy(() -> other.put("c", List.of(VectorEntry.of("b", 1, 1))))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("second runtime");
        } finally {
            other.deactivate();
        }
        put(VectorEntry.of("b", 1, 1));
        assertThat(Arrays.asList("a", "b"))
                .hasSize((int) service.collection("c").entries());
    }
}
