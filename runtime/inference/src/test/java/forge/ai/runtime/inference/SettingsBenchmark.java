package forge.ai.runtime.inference;

import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.OnnxGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The engine, which tunes itself, against settings that are fixed: batching off, and {@link StaticBatcher} of several
 * sizes and delays. Models times callers, one row a request; all settings in turn, several rounds, medians. Arguments:
 * the models to measure, all by default.
 */
final class SettingsBenchmark {

    private static final int ROUNDS = Integer.getInteger("rounds", 7);
    private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("millis", 200));
    private static final String TUNED = "self-tuned";

    private SettingsBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("benchmark");
        BenchmarkModels models = new BenchmarkModels();
        try (RunningEngine running = new RunningEngine(folder)) {
            for (String model :
                    arguments.length == 0 ? new String[] {"tiny", "mlp", "cnn", "transformer"} : arguments) {
                OnnxGraph graph = switch (model) {
                    case "mlp" -> models.mlp();
                    case "cnn" -> models.cnn();
                    case "transformer" -> models.transformer();
                    default -> null;
                };
                Path file = folder.resolve(model + ".onnx");
                if (graph == null) {
                    Files.copy(ModelFixtures.folder("onnx").resolve("iris_mlp.onnx"), file);
                } else {
                    Files.write(file, graph.bytes());
                }
                Tensor row = switch (model) {
                    case "mlp" -> models.row(1, 784);
                    case "cnn" -> models.row(1, 1, 28, 28);
                    case "transformer" -> models.row(1, 16, 64);
                    default -> models.row(1, 4);
                };
                running.put(model, file, 1);
                running.configured(model + "-alone", "{\"batching\": {\"enabled\": false}}");
                running.put(model + "-alone", file, 1);
                running.registry.load(model);
                running.registry.load(model + "-alone");
                compare(running, model, Map.of(graph == null ? "features" : "x", row));
            }
        }
    }

    private static void compare(RunningEngine running, String model, Map<String, Tensor> row) throws Exception {
        InferenceRequest request = InferenceRequest.of(model, row);
        InferenceRequest alone = InferenceRequest.of(model + "-alone", row);
        List<StaticBatcher> batchers = new ArrayList<>();
        Map<String, Runnable> settings = new LinkedHashMap<>();
        settings.put(TUNED, () -> running.engine.infer(request));
        settings.put("off", () -> running.engine.infer(alone));
        try (ModelLease lease = running.registry.acquire(model, VersionSelector.DEFAULT)) {
            for (int size : sizes()) {
                for (int delay : delays()) {
                    StaticBatcher batcher = new StaticBatcher(running.registry, lease.model(), size, delay);
                    batchers.add(batcher);
                    settings.put(size + " x " + delay + " us", () -> batcher.infer(request));
                }
            }
            for (int callers : new int[] {1, 8, 32}) {
                double before = rows(running, model, false);
                double executions = rows(running, model, true);
                print(model, callers, measured(callers, settings));
                System.out.printf(
                        "    mean rows of a computation: %.1f%n",
                        (rows(running, model, false) - before) / (rows(running, model, true) - executions));
            }
        } finally {
            for (StaticBatcher batcher : batchers) {
                batcher.close();
            }
        }
    }

    private static int[] sizes() {
        return numbers("sizes", "4,8,16,32");
    }

    private static int[] delays() {
        return numbers("delays", "0,500,2000");
    }

    private static int[] numbers(String property, String otherwise) {
        return Stream.of(System.getProperty(property, otherwise).split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static double rows(RunningEngine running, String model, boolean executions) {
        return running.engine.statistics().stream()
                .filter(one -> one.model().equals(model))
                .mapToDouble(one -> executions ? one.executions() : one.rows())
                .sum();
    }

    private static Map<String, ClosedLoop> measured(int callers, Map<String, Runnable> settings) throws Exception {
        Map<String, List<ClosedLoop>> rounds = new LinkedHashMap<>();
        settings.keySet().forEach(name -> rounds.put(name, new ArrayList<>()));
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Runnable> setting : settings.entrySet()) {
                rounds.get(setting.getKey())
                        .add(ClosedLoop.run(callers, Thread.ofVirtual().factory(), ROUND, setting.getValue()));
            }
        }
        Map<String, ClosedLoop> middles = new LinkedHashMap<>();
        rounds.forEach((name, all) -> middles.put(name, ClosedLoop.middle(all)));
        return middles;
    }

    private static void print(String model, int callers, Map<String, ClosedLoop> middles) {
        ClosedLoop tuned = middles.get(TUNED);
        Map.Entry<String, ClosedLoop> best = middles.entrySet().stream()
                .filter(e -> !e.getKey().equals(TUNED))
                .max(Map.Entry.comparingByValue(java.util.Comparator.comparingDouble(ClosedLoop::rate)))
                .orElseThrow();
        System.out.printf(
                "%-12s %2d callers: self-tuned %.2f of the best fixed one, %s%n",
                model, callers, tuned.rate() / best.getValue().rate(), best.getKey());
        middles.forEach((name, one) -> System.out.printf(
                "    %-14s %8.0f/s  p50 %8.1f us  p99 %8.1f us  cpu %7.1f us%n",
                name, one.rate(), one.p50() / 1e3, one.p99() / 1e3, one.cpu() / 1e3));
    }
}
