package forge.ai.runtime.inference;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.Cancellation;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.TensorAssertions;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The engine, the registry and a backend as bundles in a framework, with real models; one framework, for the native library is loaded once. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedEngine.class)
class EngineIT {

    private RunningEngine running;
    private InferenceService engine;

    @BeforeAll
    void start(RunningEngine shared) throws Exception {
        running = shared;
        running.put("digits", "digits_cnn.onnx", 1);
        running.put("iris", "iris_mlp.onnx", 1);
        running.registry.load("digits");
        running.registry.load("iris");
        engine = running.engine;
    }

    @Test
    void thirtyTwoCallersReadDigitsAsOneDoes() throws Exception {
        Path file = Path.of(System.getProperty("forge.shared"), "data", "digits", "digits.csv.gz");
        List<Digits> digits = Digits.read(file);
        AtomicInteger right = new AtomicInteger();
        List<Future<?>> callers = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 32; caller++) {
                int first = caller;
                callers.add(executor.submit(() -> {
                    for (int i = first; i < digits.size(); i += 32) {
                        Map<String, Tensor> inputs =
                                Map.of("image", digits.get(i).image());
                        Map<String, Tensor> outputs = engine.infer(InferenceRequest.of("digits", inputs))
                                .outputs();
                        assertClose(outputs, running.raw("digits", inputs), 1e-4);
                        int read = TensorAssertions.argMax(outputs.get("logits"))[0];
                        right.addAndGet(read == digits.get(i).label() ? 1 : 0);
                    }
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        assertThat(right.get()).isGreaterThan((int) (0.95 * digits.size()));
    }

    @Test
    void batchesOfRandomPartsEqualTheWhole() throws Exception {
        var one = ModelFixtures.of("onnx").model("iris_mlp.onnx").cases().getFirst();
        Tensor features = one.inputs().get("features");
        Tensor expected = one.outputs().get("probabilities");
        List<Future<?>> callers = new ArrayList<>();
        try (var executor = Executors.newFixedThreadPool(16)) {
            for (int caller = 0; caller < 16; caller++) {
                Random random = new Random(caller);
                callers.add(executor.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        int from = random.nextInt(10);
                        int to = from + 1 + random.nextInt(10 - from);
                        InferenceResult result =
                                engine.infer(InferenceRequest.of("iris", Map.of("features", features.rows(from, to))));
                        assertClose(result.outputs(), Map.of("probabilities", expected.rows(from, to)), 1e-5);
                    }
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
    }

    @Test
    void aSteadyLoadOfSmallRequestsTakesNoNativeMemoryAnew() throws Exception {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        var one = ModelFixtures.of("onnx").model("iris_mlp.onnx").cases().getFirst();
        InferenceRequest request = InferenceRequest.of(
                "iris", Map.of("features", one.inputs().get("features").rows(0, 1)));
        call(request, 1_000);
        long buffers = direct.getCount();

        call(request, 1_000);

        // A larger batch than ever before takes a larger place; 16,000 requests take no memory each.
        assertThat(direct.getCount()).as("direct buffers").isLessThan(buffers + 100);
    }

    /** From each of 16 callers at once so many times, alone and in batches as the engine likes. */
    private void call(InferenceRequest request, int times) throws Exception {
        List<Future<?>> callers = new ArrayList<>();
        try (var executor = Executors.newFixedThreadPool(16)) {
            for (int caller = 0; caller < 16; caller++) {
                callers.add(executor.submit(() -> {
                    for (int i = 0; i < times; i++) {
                        engine.infer(request);
                    }
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
    }

    @Test
    void noCallIsLostWhileTheBackendIsReplacedAndVersionsCome() throws Exception {
        var one = ModelFixtures.of("onnx").model("iris_mlp.onnx").cases().getFirst();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        Set<Long> versions = java.util.concurrent.ConcurrentHashMap.newKeySet();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 32; caller++) {
                executor.execute(() -> {
                    while (!stop.get() && failures.isEmpty()) {
                        try {
                            InferenceResult result = engine.infer(InferenceRequest.of("iris", one.inputs()));
                            assertClose(result.outputs(), one.outputs(), 1e-5);
                            versions.add(result.version());
                            answers.incrementAndGet();
                        } catch (Throwable e) {
                            failures.add(e);
                        }
                    }
                });
            }
            try {
                for (int swap = 0; swap < 12; swap++) {
                    running.replaceBackend("0.2." + swap);
                    running.put("iris", "iris_mlp.onnx", swap + 2);
                    long wanted = swap + 2;
                    await(() -> versions.contains(wanted) || !failures.isEmpty());
                }
            } finally {
                stop.set(true);
            }
        }
        assertThat(failures).isEmpty();
        assertThat(answers.get()).isGreaterThan(1000);
    }

    @Test
    void instancesComeWithTheLoadAndGoAfterIt() throws Exception {
        var one = ModelFixtures.of("onnx").model("iris_mlp.onnx").cases().getFirst();
        running.configure("forge.ai.runtime.inference", Map.of("scaleDownSeconds", 1));
        Files.createDirectories(running.folder.resolve("models/scaled"));
        Files.writeString(
                running.folder.resolve("models/scaled/config.json"),
                "{\"instances\": {\"min\": 1, \"max\": 2}, \"batching\": {\"enabled\": false}}");
        running.put("scaled", "iris_mlp.onnx", 1);
        Tensor features = one.inputs().get("features");
        // Many rows, so that computations take a while and callers wait for one another.
        Map<String, Tensor> inputs =
                Map.of("features", Tensor.concatenate(java.util.Collections.nCopies(20_000, features)));
        await(() -> running.registry.models().stream()
                .anyMatch(m -> m.name().equals("scaled") && m.state() == ModelState.READY));
        AtomicBoolean stop = new AtomicBoolean();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 8; caller++) {
                executor.execute(() -> {
                    while (!stop.get() && failures.isEmpty()) {
                        try {
                            engine.infer(InferenceRequest.of("scaled", inputs));
                        } catch (Throwable e) {
                            failures.add(e);
                        }
                    }
                });
            }
            try {
                await(() -> instances("scaled") == 2 || !failures.isEmpty());
            } finally {
                stop.set(true);
            }
        }
        assertThat(failures).isEmpty();
        await(() -> instances("scaled") == 1);
    }

    /** Each instance is made to take memory of its own for its computations, which leaves with it. */
    @Test
    void scalingDownGivesNativeMemoryBack() throws Exception {
        Path folder = Files.createDirectories(running.folder.resolve("models/large"));
        Files.writeString(folder.resolve("config.json"), "{\"instances\": {\"min\": 4, \"max\": 4}}");
        running.put("large", "digits_cnn.onnx", 1);
        running.registry.load("large");
        Map<String, Tensor> rows = Map.of("image", Tensor.ofFloats(new long[] {20_000, 1, 8, 8}, new float[1_280_000]));
        long before = resident();
        List<ModelLease> leases = new ArrayList<>();
        Set<LoadedModel> models = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            ModelLease lease = running.registry.acquire("large", VersionSelector.DEFAULT);
            leases.add(lease);
            models.add(lease.model());
            lease.model().run(rows, Set.of(), new Cancellation());
        }
        assertThat(models).hasSize(4);
        long grown = resident() - before;
        assertThat(grown).isGreaterThan(100L << 20);
        leases.forEach(ModelLease::close);
        Files.writeString(folder.resolve("config.json"), "{\"instances\": {\"min\": 1, \"max\": 4}}");
        await(() -> running.registry.config("large").serving().instances().min() == 1);
        running.registry.scale("large", 1, 1);
        await(() -> instances("large") == 1);
        // Three of four go; something of it may be Java's.
        await(() -> resident() < before + grown / 2);
        running.registry.unload("large");
    }

    private static long resident() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    << 10;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private int instances(String model) {
        return running.registry.model(model, VersionSelector.DEFAULT).instances();
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            // Asleep, not spinning: the callers need the cores.
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
