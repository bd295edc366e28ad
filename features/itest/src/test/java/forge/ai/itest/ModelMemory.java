package forge.ai.itest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Loads, asks and unloads models of each backend in a runtime again and again, and says what is resident. As a program:
 * with the number of times as its argument, 200 without.
 */
final class ModelMemory {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String[] MODELS = {"digits", "sentiment", "forest"};

    private final ForgeProcess forge;
    private final JsonClient client;

    ModelMemory(ForgeProcess forge) {
        this.forge = forge;
        this.client = new JsonClient(forge.http());
    }

    public static void main(String[] arguments) throws IOException {
        int times = arguments.length == 0 ? 200 : Integer.parseInt(arguments[0]);
        try (ForgeProcess forge = ForgeProcess.start(Files.createTempDirectory("model-memory"))) {
            ModelMemory memory = new ModelMemory(forge);
            memory.addForest();
            long before = memory.settled(times / 4);
            System.out.printf("after %d times: %d MiB%n", times / 4, before >> 20);
            for (int quarter = 1; quarter <= 4; quarter++) {
                long now = memory.settled(times / 4);
                System.out.printf(
                        "after %d more: %d MiB, x%.3f%n", quarter * (times / 4), now >> 20, (double) now / before);
            }
        }
    }

    /** Puts a forest of scikit-learn beside those that every home has. */
    void addForest() throws IOException {
        Path version = Files.createDirectories(forge.home().resolve("models/forest/.making"));
        Path file = Shared.path("models/sklearn/1.9.0/models/rf_digits.joblib");
        Files.copy(file, version.resolve("model.joblib"));
        Files.move(version, version.resolveSibling("1"));
        Await.until(
                "it serves", LIMIT, () -> client.get("/v2/models/forest/ready").status() == 200);
    }

    /** Loads and unloads each so many times; then the resident bytes once garbage is collected. */
    long settled(int times) {
        for (int i = 0; i < times; i++) {
            for (String model : MODELS) {
                post("/v2/repository/models/" + model + "/unload");
                post("/v2/repository/models/" + model + "/load");
            }
        }
        jcmd("GC.run");
        return resident();
    }

    private void post(String path) {
        JsonClient.Answer answer = client.post(path, Map.of());
        if (answer.status() != 200) {
            throw new AssertionError(path + ": " + answer);
        }
    }

    private void jcmd(String command) {
        try {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            new ProcessBuilder(jcmd.toString(), Long.toString(forge.pid()), command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    long resident() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + forge.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
