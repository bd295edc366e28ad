package forge.ai.provider.local;

import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.model.ModelRegistry;
import forge.ai.provider.local.CachedGpt.Form;
import forge.ai.provider.local.CachedGpt.Size;
import forge.ai.runtime.support.lease.LeaseRouter;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tokens a second at 1, 4 and 16 callers, whose prompts and answers have different lengths: generated together or one
 * sequence after the other, with keys and values in place, by way of the Java heap, or without. The model is random.
 */
public final class GenerationBenchmark {

    private static final int ANSWERS = 48;

    private static final int SLOW_ANSWERS = 4;

    private GenerationBenchmark() {}

    /** @param arguments layers, heads, and the numbers of a head, if others than 4, 8 and 32 */
    public static void main(String[] arguments) throws Exception {
        int[] sizes = Arrays.stream(arguments.length == 3 ? arguments : new String[] {"4", "8", "32"})
                .mapToInt(Integer::parseInt)
                .toArray();
        Size size = new Size(sizes[0], sizes[1], sizes[2], 1024);
        Path gpt = ModelFixtures.folder("hf").resolve("tiny-gpt");
        Path folder = Files.createTempDirectory("generation");
        try (OnnxEngine engine = new OnnxEngine()) {
            for (Form form : List.of(Form.MASKED, Form.PLAIN)) {
                engine.add(form.name(), CachedGpt.write(gpt, folder.resolve(form.name()), form, size));
            }
            engine.addCopying("COPIED", folder.resolve("MASKED"));
            LeaseRouter<ModelRegistry> registries = new LeaseRouter<>();
            registries.add(engine, Map.of());
            LeaseRouter<InferenceService> engines = new LeaseRouter<>();
            engines.add(engine, Map.of());
            for (int together : List.of(16, 1)) {
                LocalProvider provider =
                        new LocalProvider(registries, engines, () -> new Limits(together, 2048, 512, 1024, 0));
                run(provider, "MASKED", 4);
                for (int callers : together == 1 ? List.of(1, 4) : List.of(1, 4, 16)) {
                    double with = run(provider, "MASKED", callers);
                    double without = together == 1 ? Double.NaN : run(provider, "PLAIN", callers);
                    double copied = run(provider, "COPIED", callers);
                    System.out.printf(
                            "at most %d together, %d callers: %.0f tokens a second, by way of the heap %.0f, without keys "
                                    + "and values %.0f%n",
                            together, callers, with, copied, without);
                }
                provider.close();
            }
        }
    }

    /** Tokens a second, those of prompts not counted. */
    private static double run(LocalProvider provider, String model, int callers) throws Exception {
        Random random = new Random(1);
        List<CompletionRequest> requests = new ArrayList<>();
        int count = model.equals("PLAIN") ? SLOW_ANSWERS : ANSWERS;
        for (int i = 0; i < count; i++) {
            String prompt = "The quick brown fox ".repeat(1 + random.nextInt(20));
            requests.add(CompletionRequest.of(model, prompt)
                    .withOptions(GenerationOptions.builder()
                            .maxTokens(16 + random.nextInt(96))
                            .build()));
        }
        long begin = System.nanoTime();
        long tokens = 0;
        try (var threads = Executors.newFixedThreadPool(callers)) {
            List<Future<Long>> answers = new ArrayList<>();
            for (CompletionRequest request : requests) {
                answers.add(threads.submit(
                        () -> provider.complete(request).usage().orElseThrow().outputTokens()));
            }
            for (Future<Long> answer : answers) {
                tokens += answer.get();
            }
        }
        return tokens * 1e9 / (System.nanoTime() - begin);
    }
}
