package forge.ai.runtime.grpc;

import forge.ai.api.Cancellation;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.openinference.BinaryTensors;
import forge.ai.runtime.testkit.LoadClient;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One row of a tiny network at 1, 8 and 32 callers: in process, over REST as JSON and as bytes, over gRPC, each from a
 * process of its own, one after the other in each round. Prints the medians over the rounds, and what the call of the
 * loaded model itself takes.
 */
final class ProtocolBenchmark {

    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final int MILLIS = Integer.getInteger("millis", 2000);
    private static final int RAW_MILLIS = 300;
    private static final int WARM_UP = 2;
    private static final Map<String, Tensor> ROW =
            Map.of("features", Tensor.ofFloats(new long[] {1, 4}, 5.1f, 3.5f, 1.4f, 0.2f));
    private static final String JSON =
            "{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[1,4],%s}]}";

    private ProtocolBenchmark() {}

    /** One way to ask. */
    private interface Way {
        Rounds.Outcome run(int callers) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("benchmark");
        byte[] network = Files.readAllBytes(ModelFixtures.folder("onnx").resolve("iris_mlp.onnx"));
        List<Process> clients = new ArrayList<>();
        try (RunningBoth both = RunningBoth.start(folder, Map.of("iris/model.onnx", network))) {
            both.registry().load("iris");
            InferenceService engine =
                    both.server().framework().await(InferenceService.class, "", Duration.ofSeconds(10));
            InferenceRequest request = InferenceRequest.of("iris", ROW);
            Map<String, Way> ways = new LinkedHashMap<>();
            ways.put("in process", callers -> Rounds.run(callers, MILLIS, () -> engine.infer(request)));
            String port = Integer.toString(both.rest().address().getPort());
            ways.put(
                    "REST JSON",
                    client(
                            clients,
                            LoadClient.class,
                            port,
                            "/v2/models/iris/infer",
                            JSON.formatted("\"data\":[5.1,3.5,1.4,0.2]")));
            byte[] bytes = BinaryTensors.write(ROW.get("features"));
            byte[] head = JSON.replaceFirst("\\{", "{\"parameters\":{\"binary_data_output\":true},")
                    .formatted("\"parameters\":{\"binary_data_size\":" + bytes.length + "}")
                    .getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(head);
            body.writeBytes(bytes);
            ways.put(
                    "REST binary",
                    client(
                            clients,
                            LoadClient.class,
                            port,
                            "/v2/models/iris/infer",
                            "base64:" + Base64.getEncoder().encodeToString(body.toByteArray()),
                            "Inference-Header-Content-Length: " + head.length));
            ways.put(
                    "gRPC",
                    client(
                            clients,
                            GrpcLoadClient.class,
                            Integer.toString(
                                    both.server().address().orElseThrow().getPort())));
            measure(both, ways);
        } finally {
            clients.forEach(Process::destroy);
        }
    }

    private static Way client(List<Process> clients, Class<?> type, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                type.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        clients.add(process);
        PrintStream orders = new PrintStream(process.getOutputStream(), true);
        BufferedReader outcomes = new BufferedReader(new InputStreamReader(process.getInputStream()));
        return callers -> {
            orders.println(callers + " " + MILLIS);
            String[] outcome = outcomes.readLine().split(" ");
            return new Rounds.Outcome(
                    Double.parseDouble(outcome[0]), Double.parseDouble(outcome[1]), Double.parseDouble(outcome[2]));
        };
    }

    private static void measure(RunningBoth both, Map<String, Way> ways) throws Exception {
        for (int callers : new int[] {1, 8, 32}) {
            Map<String, List<Rounds.Outcome>> outcomes = new LinkedHashMap<>();
            List<Double> raw = new ArrayList<>();
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                double direct = raw(both);
                if (round >= 0) {
                    raw.add(direct);
                }
                for (Map.Entry<String, Way> way : ways.entrySet()) {
                    Rounds.Outcome outcome = way.getValue().run(callers);
                    if (round >= 0) {
                        outcomes.computeIfAbsent(way.getKey(), w -> new ArrayList<>())
                                .add(outcome);
                    }
                }
            }
            double direct = middle(raw);
            double inProcess = middle(outcomes.get("in process").stream()
                    .map(Rounds.Outcome::rate)
                    .toList());
            System.out.printf(
                    "load %.1f on %d cores, raw call %.1f us%n",
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                    Runtime.getRuntime().availableProcessors(),
                    direct);
            outcomes.forEach((way, all) -> {
                double rate = middle(all.stream().map(Rounds.Outcome::rate).toList());
                double p50 = middle(all.stream().map(Rounds.Outcome::middle).toList());
                double best =
                        all.stream().mapToDouble(Rounds.Outcome::middle).min().orElseThrow();
                System.out.printf(
                        "%-11s %2d callers %8.0f/s (%4.2f of in process), p50 %7.1f us (least %7.1f), %7.1f us above raw,"
                                + " p99 %8.1f us%n",
                        way,
                        callers,
                        rate,
                        rate / inProcess,
                        p50,
                        best,
                        p50 - direct,
                        middle(all.stream().map(Rounds.Outcome::high).toList()));
            });
        }
    }

    private static double middle(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** The median of the call without anything around it in microseconds. */
    private static double raw(RunningBoth both) throws InterruptedException {
        try (ModelLease lease = both.registry().acquire("iris", VersionSelector.DEFAULT)) {
            return Rounds.run(1, RAW_MILLIS, () -> lease.model().run(ROW, Set.of(), new Cancellation()))
                    .middle();
        }
    }
}
