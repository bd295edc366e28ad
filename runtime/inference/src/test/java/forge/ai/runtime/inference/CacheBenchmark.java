package forge.ai.runtime.inference;

import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.Sequence;
import forge.ai.api.inference.Step;
import forge.ai.api.model.Caching;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.Pipeline;
import forge.ai.api.model.Sequencing;
import forge.ai.api.model.StepConfig;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What the ways besides the plain one cost, over a model that does next to nothing: a hit of the cache by size of the
 * input, a step that does nothing, and a sequence. One caller; ways take turns, and the median of each is printed.
 */
final class CacheBenchmark {

    private static final int ROUNDS = 20;
    private static final int CALLS = 2_000;

    private CacheBenchmark() {}

    public static void main(String[] arguments) {
        Shelf shelf = new Shelf();
        Accumulator model = new Accumulator();
        BatchingInferenceService engine = new BatchingInferenceService(Configs.of(Map.of()));
        engine.bindRegistry(shelf, Map.of());
        engine.bindStep((tensors, context) -> tensors, Map.of(Step.NAME, "nothing"));
        ModelConfig plain = ModelConfig.DEFAULT;
        shelf.put("plain", 1, "d", model, plain);
        shelf.put("cached", 1, "d", model, plain.withCache(new Caching(true, 1 << 28, Duration.ofHours(1))));
        shelf.put(
                "stepped",
                1,
                "d",
                model,
                plain.withPipeline(
                        new Pipeline(List.of(new StepConfig("nothing", Map.of())), List.of(), List.of(), List.of())));
        shelf.put(
                "kept",
                1,
                "d",
                model,
                plain.withSequences(new Sequencing(
                        List.of(new Sequencing.State("before", "after", Optional.empty(), Optional.empty())),
                        8,
                        Duration.ofHours(1),
                        Duration.ofSeconds(1))));
        engine.infer(request("kept", 1).withSequence(new Sequence("s", true, false)));
        compare(Map.of(
                "plain", asking(engine, request("plain", 1)),
                "a step that does nothing", asking(engine, request("stepped", 1)),
                "in a sequence", asking(engine, request("kept", 1).withSequence(new Sequence("s", false, false))),
                "kept, 8 B", asking(engine, request("cached", 1)),
                "kept, 8 kB", asking(engine, request("cached", 1024)),
                "kept, 1200 kB", () -> engine.infer(request("cached", 150_528))));
        engine.deactivate();
        System.exit(0);
    }

    private static Supplier<?> asking(BatchingInferenceService engine, InferenceRequest request) {
        return () -> engine.infer(request);
    }

    private static InferenceRequest request(String model, int rows) {
        Tensor zeros = Tensor.ofFloats(new long[] {rows, 1}, new float[rows]);
        return InferenceRequest.of(
                model, model.equals("kept") ? Map.of("x", zeros) : Map.of("x", zeros, "before", zeros));
    }

    private static void compare(Map<String, Supplier<?>> ways) {
        Map<String, double[]> micros = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Supplier<?>> way : ways.entrySet()) {
                int calls = way.getKey().contains("1200") ? CALLS / 20 : CALLS;
                long began = System.nanoTime();
                for (int call = 0; call < calls; call++) {
                    way.getValue().get();
                }
                micros.computeIfAbsent(way.getKey(), name -> new double[ROUNDS])[round] =
                        (System.nanoTime() - began) / 1e3 / calls;
            }
        }
        micros.forEach((name, all) -> {
            Arrays.sort(all);
            System.out.printf("%-26s %8.2f us a call, median of %d rounds%n", name, all[ROUNDS / 2], ROUNDS);
        });
    }
}
