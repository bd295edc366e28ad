package forge.ai.runtime.server;

import com.sun.management.OperatingSystemMXBean;
import forge.ai.api.Cancellation;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.LoadClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Inference over REST against the call of the loaded model: one row of a tiny network as JSON, from a client in a
 * process of its own. Prints requests a second, CPU of the server a request and the client's median, round by round.
 */
final class RestBenchmark {

    private static final int ROUNDS = Integer.getInteger("rounds", 6);
    private static final int MILLIS = Integer.getInteger("millis", 3000);
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private RestBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("benchmark");
        try (ModelServer models = ModelServer.start(folder, Map.of("iris", "iris_mlp.onnx"))) {
            int port = models.server().address().getPort();
            measure("repository index", models, client(port, "/v2/repository/index", "{}"));
            measure(
                    "infer",
                    models,
                    client(
                            port,
                            "/v2/models/iris/infer",
                            "{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[1,4],"
                                    + "\"data\":[5.1,3.5,1.4,0.2]}]}"));
        }
    }

    private static Process client(int port, String path, String json) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LoadClient.class.getName(),
                Integer.toString(port),
                path,
                json));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void measure(String what, ModelServer models, Process client) throws Exception {
        try (PrintStream orders = new PrintStream(client.getOutputStream(), true);
                BufferedReader outcomes = new BufferedReader(new InputStreamReader(client.getInputStream()))) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int connections : new int[] {1, 32}) {
                    double raw = raw(models);
                    long cpu = SYSTEM.getProcessCpuTime();
                    long began = System.nanoTime();
                    orders.println(connections + " " + MILLIS);
                    String[] outcome = outcomes.readLine().split(" ");
                    double used = SYSTEM.getProcessCpuTime() - cpu;
                    double answers = Double.parseDouble(outcome[0]) * (System.nanoTime() - began) / 1e9;
                    System.out.printf(
                            "%s: %2d connections %8.0f/s, server %5.1f us cpu a request, p50 %6.1f us, p99 %7.1f us;"
                                    + " raw call %4.1f us%n",
                            what,
                            connections,
                            Double.parseDouble(outcome[0]),
                            used / 1e3 / answers,
                            Double.parseDouble(outcome[1]),
                            Double.parseDouble(outcome[2]),
                            raw);
                }
            }
        }
        client.waitFor();
    }

    /** Microseconds of the call without anything around it. */
    private static double raw(ModelServer models) {
        Map<String, Tensor> row = Map.of("features", Tensor.ofFloats(new long[] {1, 4}, 5.1f, 3.5f, 1.4f, 0.2f));
        try (ModelLease lease = models.registry().acquire("iris", VersionSelector.DEFAULT)) {
            int calls = 20_000;
            long began = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                lease.model().run(row, Set.of(), new Cancellation());
            }
            return (System.nanoTime() - began) / 1e3 / calls;
        }
    }
}
