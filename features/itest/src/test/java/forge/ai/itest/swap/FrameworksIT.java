package forge.ai.itest.swap;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.itest.ForgeProcess;
import forge.ai.itest.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The features {@code pytorch} and {@code tensorflow} in a whole runtime: installed while it runs, their models serve,
 * also while their backends are replaced, for which the libraries with the natives stay as they are.
 */
class FrameworksIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> FEATURES = List.of("pytorch", "tensorflow");
    private static final Map<String, String> TASKS =
            Map.of("sentiment", "text-classification", "embedding", "feature-extraction");
    private static final int SWAPS = 4;

    @TempDir
    static Path home;

    private final Path torch = Shared.path("models/torchscript/manifest.json");
    private final Path hub = Shared.path("models/hf");
    private final Path tensorFlow = Shared.path("models/tensorflow/manifest.json");

    @Test
    void modelsServeWhileTheirBackendsAreReplaced() throws Exception {
        models();
        try (ForgeProcess forge = ForgeProcess.start(home);
                Wire wire = new Wire(forge.http())) {
            Shell shell = new Shell(home);
            for (String feature : FEATURES) {
                shell.run("ai:feature-install " + feature);
            }
            Map<String, Call> calls = calls(wire);
            awaitAll(calls, shell);
            List<Shell.Installed> before = libraries(shell);
            assertThat(before).hasSize(2).allMatch(library -> library.state().equals("Active"));

            Tally tally = swapUnder(calls, shell);

            assertThat(tally.reasons())
                    .as("%d wrong of %d", tally.wrong(), tally.wrong() + tally.right())
                    .isEmpty();
            assertThat(tally.kinds()).isEqualTo(calls.keySet());
            assertThat(libraries(shell)).isEqualTo(before);
            System.out.println("frameworks: " + tally.line());
        }
    }

    private static Tally swapUnder(Map<String, Call> calls, Shell shell) throws Exception {
        Map<String, Swaps> swaps = new TreeMap<>();
        for (String feature : FEATURES) {
            swaps.put(feature, new BundleSwaps("forge.ai.backend." + feature, home, shell));
        }
        Tally tally = new Tally();
        try (Callers callers = new Callers(tally, new AtomicLong())) {
            calls.forEach((kind, call) -> callers.start(3, kind, call));
            System.out.println("frameworks: " + new SwapSeries(swaps).run(SWAPS));
        }
        return tally;
    }

    private Map<String, Call> calls(Wire wire) throws IOException {
        Map<String, Call> calls = texts(wire);
        calls.put("torch", ManifestCalls.of(wire, "torch-digits", torch, "digits_cnn.pt", 0)::infer);
        calls.put("iris", ManifestCalls.of(wire, "iris", tensorFlow, "iris_savedmodel", 0)::infer);
        calls.put("labels", ManifestCalls.of(wire, "iris-labels", tensorFlow, "iris_savedmodel", 1)::infer);
        return calls;
    }

    /** Of folders of the Hub whose network is TorchScript. */
    private Map<String, Call> texts(Wire wire) throws IOException {
        Path sentiment = hub.resolve("tiny-sentiment/expected.json");
        Path embedding = hub.resolve("tiny-embedding/expected.json");
        Map<String, String> classes = Map.of("labels", "label", "scores", "scores");
        Map<String, String> vectors = Map.of("embeddings", "embedding");
        return new TreeMap<>(Map.of(
                "sentiment", ManifestCalls.ofTexts(wire, "torch-sentiment", sentiment, classes)::infer,
                "embedding", ManifestCalls.ofTexts(wire, "torch-embedding", embedding, vectors)::infer));
    }

    private static void awaitAll(Map<String, Call> calls, Shell shell) throws Exception {
        for (Map.Entry<String, Call> call : calls.entrySet()) {
            Await.until(call.getKey() + " serves", LIMIT, () -> serves(call.getValue()), () -> shell.run("ai:models"));
        }
    }

    private static boolean serves(Call call) {
        try {
            call.run("first", 0);
            return true;
        } catch (IOException | WrongAnswer e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Shell.Installed> libraries(Shell shell) {
        return shell.bundles().stream()
                .filter(bundle ->
                        FEATURES.stream().anyMatch(f -> bundle.symbolicName().equals("forge.ai.lib." + f)))
                .toList();
    }

    private void models() throws IOException {
        copy(torch.resolveSibling("digits_cnn.pt"), "torch-digits", "model.pt");
        config("torch-digits", "\"inputs\": \"image FP32[-1, 1, 8, 8]\", \"outputs\": \"0 FP32[-1, 10]\"");
        for (String model : List.of("sentiment", "embedding")) {
            for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.pt")) {
                copy(hub.resolve("tiny-" + model).resolve(file), "torch-" + model, file);
            }
            config("torch-" + model, "\"task\": \"" + TASKS.get(model) + "\"", "huggingface");
        }
        copy(tensorFlow.resolveSibling("iris_savedmodel"), "iris", "");
        copy(tensorFlow.resolveSibling("iris_savedmodel"), "iris-labels", "");
        config("iris-labels", "\"signature\": \"classify\"");
    }

    private static void config(String model, String parameters, String... backend) throws IOException {
        String named = backend.length == 0 ? "" : "\"backend\": \"" + backend[0] + "\", ";
        Files.writeString(
                home.resolve("models").resolve(model).resolve("config.json"),
                "{" + named + "\"parameters\": {" + parameters + "}}");
    }

    private static void copy(Path from, String model, String name) throws IOException {
        Path version = home.resolve("models").resolve(model).resolve("1");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = name.isEmpty() ? version.resolve(from.relativize(file)) : version.resolve(name);
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }
}
