package forge.ai.runtime.inference;

import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.model.ModelState;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * What callers notice while a model is replaced: under full load by callers in a closed loop, new versions are put into
 * the repository, loaded, warmed up and serve, and the old ones are drained. The times of calls begun meanwhile are
 * compared with those of the same run in between.
 */
final class SwapBenchmark {

    private static final int SWAPS = Integer.getInteger("swaps", 10);
    private static final int CALLERS = Integer.getInteger("callers", 8);
    private static final long BETWEEN = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("millis", 2000));
    private static final int MOST = 4_000_000;

    private SwapBenchmark() {}

    /** From the copy of the files to the end of the version before. */
    private record Swap(long began, long ended) {}

    /** The calls of one caller. */
    private static final class Calls {
        private final long[] began = new long[MOST / CALLERS];
        private final int[] took = new int[MOST / CALLERS];
        private int count;

        void add(long begin, long end) {
            if (count < began.length) {
                began[count] = begin;
                took[count] = (int) Math.min(Integer.MAX_VALUE, end - begin);
                count++;
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        String file = arguments.length > 0 ? arguments[0] : "digits_cnn.onnx";
        try (RunningEngine running = new RunningEngine(Files.createTempDirectory("swaps"))) {
            Map<String, Tensor> row = new HashMap<>();
            ModelFixtures.of("onnx")
                    .model(file)
                    .cases()
                    .getFirst()
                    .inputs()
                    .forEach((name, tensor) -> row.put(name, tensor.rows(0, 1)));
            settings(running.folder.resolve("models/m"), row);
            running.put("m", file, 1);
            running.registry.load("m");
            measure(running, file, InferenceRequest.of("m", row));
        }
    }

    /** With warm-up by one row. */
    private static void settings(Path model, Map<String, Tensor> row) throws Exception {
        Files.createDirectories(model);
        Map.Entry<String, Tensor> input = row.entrySet().iterator().next();
        Files.writeString(
                model.resolve("warmup.json"),
                "{\"inputs\": [{\"name\": \"%s\", \"datatype\": \"FP32\", \"shape\": %s, \"data\": %s}]}"
                        .formatted(
                                input.getKey(),
                                Arrays.toString(input.getValue().shape()),
                                Arrays.toString(input.getValue().toFloats())));
        Files.writeString(model.resolve("config.json"), "{\"warmup\": {\"file\": \"warmup.json\", \"count\": 20}}");
    }

    private static void measure(RunningEngine running, String file, InferenceRequest request) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Calls> all = new ArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Calls calls = new Calls();
            all.add(calls);
            callers.add(Thread.ofVirtual().start(() -> {
                while (!stop.get()) {
                    long began = System.nanoTime();
                    try {
                        running.engine.infer(request);
                        calls.add(began, System.nanoTime());
                    } catch (RuntimeException e) {
                        failures.add(e);
                    }
                }
            }));
        }
        LockSupport.parkNanos(2 * BETWEEN);
        long warm = System.nanoTime();
        List<Swap> swaps = new ArrayList<>();
        for (int version = 2; version <= SWAPS + 1; version++) {
            LockSupport.parkNanos(BETWEEN);
            swaps.add(swap(running, file, version));
        }
        LockSupport.parkNanos(BETWEEN);
        stop.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        report(file, all, swaps, warm, failures);
    }

    private static Swap swap(RunningEngine running, String file, int version) throws Exception {
        long began = System.nanoTime();
        running.put("m", file, version);
        while (!only(running, version)) {
            LockSupport.parkNanos(5_000_000);
        }
        return new Swap(began, System.nanoTime());
    }

    private static boolean only(RunningEngine running, int version) {
        return running.registry.models().stream()
                .allMatch(m ->
                        m.version() == version ? m.state() == ModelState.READY : m.state() == ModelState.UNAVAILABLE);
    }

    private static void report(String file, List<Calls> all, List<Swap> swaps, long warm, Queue<Throwable> failures) {
        List<Integer> during = new ArrayList<>();
        List<Integer> steady = new ArrayList<>();
        for (Calls calls : all) {
            for (int i = 0; i < calls.count; i++) {
                long began = calls.began[i];
                if (began > warm) {
                    boolean swapped = swaps.stream().anyMatch(s -> began >= s.began() && began <= s.ended());
                    (swapped ? during : steady).add(calls.took[i]);
                }
            }
        }
        double mean =
                swaps.stream().mapToLong(s -> s.ended() - s.began()).average().orElse(0) / 1e6;
        System.out.printf(
                "%s, %d callers, %d swaps of %.0f ms on average: %d failed; steady %d calls, p50 %.3f ms, p99 %.3f ms, longest %.1f ms;"
                        + " during swaps %d calls, p50 %.3f ms, p99 %.3f ms, longest %.1f ms; p99 x%.2f%n",
                file,
                CALLERS,
                swaps.size(),
                mean,
                failures.size(),
                steady.size(),
                at(steady, 0.5),
                at(steady, 0.99),
                at(steady, 1),
                during.size(),
                at(during, 0.5),
                at(during, 0.99),
                at(during, 1),
                at(during, 0.99) / at(steady, 0.99));
        failures.stream().limit(3).forEach(Throwable::printStackTrace);
    }

    private static double at(List<Integer> nanos, double share) {
        int[] sorted = nanos.stream().mapToInt(Integer::intValue).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1e6;
    }
}
