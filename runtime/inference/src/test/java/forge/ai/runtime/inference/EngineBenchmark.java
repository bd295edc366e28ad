package forge.ai.runtime.inference;

import forge.ai.api.Cancellation;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * What the engine adds to a call of a loaded model: one row, by callers in a closed loop, with the model alone and
 * with the engine in turn. Prints the medians of the rounds.
 */
final class EngineBenchmark {

    private static final int ROUNDS = Integer.getInteger("rounds", 7);
    private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("millis", 700));

    private EngineBenchmark() {}

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
        List<ClosedLoop> raws = new ArrayList<>();
        List<ClosedLoop> engines = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            raws.add(ClosedLoop.run(callers, threads, ROUND, raw));
            engines.add(ClosedLoop.run(callers, threads, ROUND, engine));
        }
        ClosedLoop first = ClosedLoop.middle(raws);
        ClosedLoop second = ClosedLoop.middle(engines);
        System.out.printf(
                "%-16s %2d %-8s raw %8.0f/s %6.2f us cpu, p50 %6.2f us; engine %8.0f/s %6.2f us cpu, p50 %6.2f us;"
                        + " rate x%.2f, cpu +%.2f us, p50 +%.2f us%n",
                model,
                callers,
                kind,
                first.rate(),
                first.cpu() / 1e3,
                first.p50() / 1e3,
                second.rate(),
                second.cpu() / 1e3,
                second.p50() / 1e3,
                second.rate() / first.rate(),
                (second.cpu() - first.cpu()) / 1e3,
                (second.p50() - first.p50()) / 1e3);
    }
}
