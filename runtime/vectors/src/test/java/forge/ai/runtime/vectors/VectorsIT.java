package forge.ai.runtime.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.LlmProvider;
import forge.ai.api.vector.CollectionSpec;
import forge.ai.api.vector.Metric;
import forge.ai.api.vector.VectorEntry;
import forge.ai.api.vector.VectorFilter;
import forge.ai.api.vector.VectorMatch;
import forge.ai.api.vector.VectorQuery;
import forge.ai.api.vector.VectorService;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import forge.ai.runtime.testkit.OsgiFramework;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** The built bundles in a framework: Lucene finds its codecs, texts are embedded, and the bundle is replaced under load. */
@Timeout(120)
class VectorsIT {

    private static final String BUNDLE = "forge.ai.runtime.vectors";

    @TempDir
    private Path folder;

    private OsgiFramework framework;
    private Bundle bundle;

    @BeforeEach
    void start() throws Exception {
        System.setProperty("forge.home", folder.resolve("forge").toString());
        framework = OsgiFramework.start(
                folder.resolve("framework"),
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "forge.ai.api.vector;version=0.1.0",
                "org.osgi.service.cm;version=1.6.1");
        for (String name : List.of(
                "org.osgi.util.function",
                "org.osgi.util.promise",
                "org.osgi.service.component",
                "org.apache.felix.configadmin",
                "org.apache.felix.scr",
                "forge.ai.lib.lucene",
                "forge.ai.runtime.llm")) {
            framework.start(name);
        }
        bundle = framework.start(BUNDLE);
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
        System.clearProperty("forge.home");
    }

    private VectorService service() throws Exception {
        return framework.await(VectorService.class, "(objectClass=*)", Duration.ofSeconds(10));
    }

    /** What a bundle that uses the service does: it leases it for each call. */
    private ServiceTracker<VectorService, VectorService> leasing(LeaseRouter<VectorService> router) {
        return new ServiceTracker<>(framework.context(), VectorService.class, null) {
            @Override
            public VectorService addingService(ServiceReference<VectorService> reference) {
                VectorService service = super.addingService(reference);
                router.add(service, properties(reference));
                return service;
            }

            @Override
            public void removedService(ServiceReference<VectorService> reference, VectorService service) {
                router.remove(service);
                super.removedService(reference, service);
            }
        };
    }

    private static Map<String, Object> properties(ServiceReference<?> reference) {
        Map<String, Object> properties = new HashMap<>();
        for (String key : reference.getPropertyKeys()) {
            properties.put(key, reference.getProperty(key));
        }
        return properties;
    }

    @Test
    void nothingOfLuceneIsTouchedBeforeTheFirstCall() throws Exception {
        VectorService service = service();
        assertThat(folder.resolve("forge/data/vectors")).doesNotExist();
        assertThat(service.collections()).isEmpty();
        try (Stream<Path> files = Files.list(folder.resolve("forge/data/vectors"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void textsAreEmbeddedByTheModelOfTheirCollection() throws Exception {
        framework
                .context()
                .registerService(LlmProvider.class, new LetterCounts(), new Hashtable<>(Map.of(LlmProvider.NAME, "l")));
        VectorService service = service();
        service.create(CollectionSpec.of("words", 26, Metric.COSINE).withModel("l/letters"));
        service.put(
                "words",
                Stream.of("banana", "cherry", "ananas", "berry")
                        .map(word -> VectorEntry.ofText(word, word).withMetadata(Map.of("length", word.length())))
                        .toList());
        List<VectorMatch> found = service.search(VectorQuery.ofText("words", "anna", 2));
        assertThat(found).extracting(match -> match.entry().text()).containsExactly("ananas", "banana");
        assertThat(service.search(VectorQuery.ofText("words", "anna", 2).withFilter(VectorFilter.atMost("length", 5))))
                .extracting(match -> match.entry().id())
                .containsExactly("berry");
    }

    @Test
    void noCallIsLostAndNothingAcknowledgedWhileTheBundleIsReplaced() throws Exception {
        VectorService first = service();
        first.create(CollectionSpec.of("c", 8, Metric.DOT));
        first.put(
                "c",
                IntStream.range(0, 500)
                        .mapToObj(i -> VectorEntry.of("e" + i, 1, i, 1, i % 7, 1, i % 3, 1, i % 5))
                        .toList());
        LeaseRouter<VectorService> router = new LeaseRouter<>();
        ServiceTracker<VectorService, VectorService> tracker = leasing(router);
        tracker.open();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger searches = new AtomicInteger();
        AtomicInteger writes = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch warm = new CountDownLatch(10);
        ExecutorService executor = Executors.newCachedThreadPool();
        try {
            for (int i = 0; i < 8; i++) {
                executor.execute(() -> until(stop, warm, failures, () -> search(router, searches)));
            }
            for (int i = 0; i < 2; i++) {
                int writer = i;
                executor.execute(() -> until(stop, warm, failures, () -> write(router, writer, writes)));
            }
            assertThat(warm.await(20, TimeUnit.SECONDS)).isTrue();
            for (int swap = 1; swap <= 5; swap++) {
                Bundle next = framework.startBeside(BUNDLE, "0.1." + swap);
                int before = searches.get();
                bundle.stop();
                bundle.uninstall();
                bundle = next;
                while (searches.get() == before && failures.isEmpty()) {
                    Thread.onSpinWait();
                }
            }
            stop.set(true);
        } finally {
            stop.set(true);
            executor.shutdown();
            assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
            tracker.close();
        }
        assertThat(failures).isEmpty();
        assertThat(writes.get()).isGreaterThan(5);
        assertThat(service().collection("c").entries()).isEqualTo(500 + writes.get());
    }

    private static void until(AtomicBoolean stop, CountDownLatch warm, Queue<Throwable> failures, Runnable call) {
        while (!stop.get()) {
            try {
                call.run();
            } catch (Throwable e) {
                failures.add(e);
            }
            warm.countDown();
        }
    }

    private static void search(LeaseRouter<VectorService> router, AtomicInteger searches) {
        try (Lease<VectorService> lease = router.acquire().orElseThrow()) {
            float[] query = {0, 1, 0, 0, 0, 0, 0, 0};
            List<VectorMatch> found = lease.service()
                    .search(VectorQuery.of("c", query, 3).withFilter(VectorFilter.not(VectorFilter.equal("w", true))));
            assertThat(found).extracting(match -> match.entry().id()).containsExactly("e499", "e498", "e497");
            searches.incrementAndGet();
        }
    }

    private static void write(LeaseRouter<VectorService> router, int writer, AtomicInteger writes) {
        try (Lease<VectorService> lease = router.acquire().orElseThrow()) {
            String id = "w" + writer + "-" + writes.get() + "-" + System.nanoTime();
            VectorEntry entry = VectorEntry.of(id, new float[8]).withMetadata(Map.of("w", true));
            lease.service().add("c", List.of(entry));
            writes.incrementAndGet();
            List<VectorEntry> found = new ArrayList<>(lease.service().get("c", List.of(id)));
            assertThat(found).extracting(VectorEntry::id).containsExactly(id);
        }
    }
}
