package forge.ai.runtime.inference;

import com.sun.management.OperatingSystemMXBean;
import forge.ai.api.Cancellation;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the engine adds to a call of a loaded model: one row, by callers in a closed loop, with the model alone and
 * with the engine in turn. Prints the medians of the rounds.
 */
final class EngineBenchmark {

    private static final int ROUNDS = Integer.getInteger("rounds", 7);
    private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("millis", 700));
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private EngineBenchmark() {}

    /** One round: calls a second, nanoseconds of CPU a call, median of the times of a call in nanoseconds. */
    private record Round(double rate, double cpu, double middle) {}

    public static void main(String[] arguments) throws Exception {
        try (RunningEngine running = new RunningEngine(Files.createTempDirectory("benchmark"))) {
            for (String file : new String[] {"iris_mlp.onnx", "digits_cnn.onnx"}) {
                running.put(file, file, 1);
                running.registry.load(file);
                Map<String, Tensor> row = new HashMap<>();
                ModelFixtures.of("onnx")
                        .model(file)
                        .cases()
                        .getFirst()
                        .inputs()
                        .forEach((name, tensor) -> row.put(name, tensor.rows(0, 1)));
                compare(running, file, row);
            }
        }
    }

    private static void compare(RunningEngine running, String model, Map<String, Tensor> row) throws Exception {
        InferenceRequest request = InferenceRequest.of(model, row);
        try (ModelLease lease = running.registry.acquire(model, VersionSelector.DEFAULT)) {
            LoadedModel loaded = lease.model();
            Runnable raw = () -> loaded.run(row, Set.of(), new Cancellation());
            Runnable engine = () -> running.engine.infer(request);
            for (int callers : new int[] {1, 8, 32}) {
                compare(model, callers, "platform", Thread.ofPlatform().factory(), raw, engine);
                compare(model, callers, "virtual", Thread.ofVirtual().factory(), raw, engine);
            }
        }
    }

    private static void compare(
            String model, int callers, String kind, ThreadFactory threads, Runnable raw, Runnable engine)
            throws Exception {
        List<Round> raws = new ArrayList<>();
        List<Round> engines = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            raws.add(round(callers, threads, raw));
            engines.add(round(callers, threads, engine));
        }
        Round first = middle(raws);
        Round second = middle(engines);
        System.out.printf(
                "%-16s %2d %-8s raw %8.0f/s %6.2f us cpu, p50 %6.2f us; engine %8.0f/s %6.2f us cpu, p50 %6.2f us;"
                        + " rate x%.2f, cpu +%.2f us, p50 +%.2f us%n",
                model,
                callers,
                kind,
                first.rate,
                first.cpu / 1e3,
                first.middle / 1e3,
                second.rate,
                second.cpu / 1e3,
                second.middle / 1e3,
                second.rate / first.rate,
                (second.cpu - first.cpu) / 1e3,
                (second.middle - first.middle) / 1e3);
    }

    private static Round middle(List<Round> rounds) {
        List<Round> warm = rounds.subList(rounds.size() / 3, rounds.size());
        return new Round(
                median(warm.stream().mapToDouble(Round::rate).toArray()),
                median(warm.stream().mapToDouble(Round::cpu).toArray()),
                median(warm.stream().mapToDouble(Round::middle).toArray()));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static Round round(int callers, ThreadFactory factory, Runnable call) throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        LongAdder calls = new LongAdder();
        double[] middles = new double[callers];
        List<Thread> threads = new ArrayList<>();
        long cpu = SYSTEM.getProcessCpuTime();
        long began = System.nanoTime();
        for (int i = 0; i < callers; i++) {
            int caller = i;
            threads.add(factory.newThread(() -> middles[caller] = loop(call, stop, calls)));
            threads.getLast().start();
        }
        TimeUnit.NANOSECONDS.sleep(ROUND);
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        double took = System.nanoTime() - began;
        double used = SYSTEM.getProcessCpuTime() - cpu;
        return new Round(calls.sum() / took * 1e9, used / calls.sum(), median(middles));
    }

    private static double loop(Runnable call, AtomicBoolean stop, LongAdder calls) {
        double[] samples = new double[4096];
        int count = 0;
        while (!stop.get()) {
            long began = System.nanoTime();
            call.run();
            samples[count++ % samples.length] = System.nanoTime() - began;
            if (Thread.currentThread().isVirtual() && count % 16 == 0) {
                // Both sides alike: or the first few would keep the carriers for themselves.
                Thread.yield();
            }
        }
        calls.add(count);
        return median(Arrays.copyOf(samples, Math.max(1, Math.min(count, samples.length))));
    }
}
