package forge.ai.runtime.server;

import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpServer;
import forge.ai.runtime.testkit.LoadClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.osgi.framework.BundleException;

/**
 * How much CPU a request takes with and without monitoring, by turns in one run, the client and the upstream in processes
 * of their own. Arguments as system properties: {@code rounds}, {@code millis} of one measurement, {@code connections}.
 */
final class MonitoringBenchmark {

    private static final int ROUNDS = Integer.getInteger("rounds", 10);
    private static final int MILLIS = Integer.getInteger("millis", 3000);
    private static final int CONNECTIONS = Integer.getInteger("connections", 4);
    private static final int WARM_MILLIS = 1000;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private static final byte[] ANSWER = """
            {"id":"chatcmpl-7","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":\
            {"role":"assistant","content":"The quick brown fox jumps over the lazy dog."},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}}""".getBytes(StandardCharsets.UTF_8);

    private enum Mode {
        OFF,
        /** Without a collector, as after a first start. */
        METRICS,
        /** Of so many requests as by default, to a collector. */
        TRACES,
        /** Of each request. */
        ALL_TRACES
    }

    private final RunningServer server;
    private final Monitored monitored;
    private final URI upstream;

    private MonitoringBenchmark(RunningServer server, Monitored monitored, URI upstream) {
        this.server = server;
        this.monitored = monitored;
        this.upstream = upstream;
    }

    /** With the argument {@code upstream}: answers each request the same, as an upstream or a collector. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 1) {
            answer();
            return;
        }
        Path folder = Files.createTempDirectory("benchmark");
        Process process = process(MonitoringBenchmark.class, "upstream");
        try (ModelServer models = ModelServer.start(folder, Map.of("iris", "iris_mlp.onnx"));
                BufferedReader port = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            URI upstream = URI.create("http://127.0.0.1:" + port.readLine());
            models.server().provideOpenAi("up", upstream);
            MonitoringBenchmark benchmark =
                    new MonitoringBenchmark(models.server(), Monitored.start(models.server()), upstream);
            benchmark.measure(
                    "chat",
                    "/v1/chat/completions",
                    "{\"model\":\"up/m\",\"messages\":[{\"role\":\"user\",\"content\":\"The quick brown\"}]}");
            benchmark.measure(
                    "infer",
                    "/v2/models/iris/infer",
                    "{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[1,4],"
                            + "\"data\":[5.1,3.5,1.4,0.2]}]}");
        } finally {
            process.destroy();
        }
    }

    private static void answer() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
            exchange.close();
        });
        server.start();
        System.out.println(server.getAddress().getPort());
        Thread.currentThread().join();
    }

    private static Process process(Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void set(Mode mode) throws Exception {
        server.configureOther(
                "forge.ai.monitoring",
                switch (mode) {
                    case OFF, METRICS -> Map.of();
                    case TRACES -> Map.of("otlp.endpoint", upstream.toString());
                    case ALL_TRACES -> Map.of("otlp.endpoint", upstream.toString(), "traces.ratio", 1.0);
                });
        try {
            if (mode == Mode.OFF) {
                monitored.bundle().stop();
            } else {
                monitored.bundle().start();
                Monitored.reader(server);
            }
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    private void measure(String what, String path, String json) throws Exception {
        Process client =
                process(LoadClient.class, Integer.toString(server.address().getPort()), path, json);
        Map<Mode, double[]> cpu = new EnumMap<>(Mode.class);
        for (Mode mode : Mode.values()) {
            cpu.put(mode, new double[ROUNDS]);
        }
        try (PrintStream orders = new PrintStream(client.getOutputStream(), true);
                BufferedReader outcomes = new BufferedReader(new InputStreamReader(client.getInputStream()))) {
            // The compiler sees all of it first.
            for (int round = -2; round < ROUNDS; round++) {
                List<Mode> modes = Arrays.asList(Mode.values());
                Collections.rotate(modes, round);
                for (Mode mode : modes) {
                    set(mode);
                    run(orders, outcomes, WARM_MILLIS);
                    double used = run(orders, outcomes, MILLIS);
                    if (round >= 0) {
                        cpu.get(mode)[round] = used;
                    }
                }
            }
        }
        client.waitFor();
        report(what, cpu);
    }

    /** Microseconds of CPU for each answer. */
    private static double run(PrintStream orders, BufferedReader outcomes, int millis) throws Exception {
        long cpu = SYSTEM.getProcessCpuTime();
        long began = System.nanoTime();
        orders.println(CONNECTIONS + " " + millis);
        double rate = Double.parseDouble(outcomes.readLine().split(" ")[0]);
        double answers = rate * (System.nanoTime() - began) / 1e9;
        return (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / answers;
    }

    private static void report(String what, Map<Mode, double[]> cpu) {
        cpu.forEach((mode, used) -> {
            double[] ratios = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                ratios[i] = 100 * (used[i] / cpu.get(Mode.OFF)[i] - 1);
            }
            Arrays.sort(ratios);
            System.out.printf(
                    "%s, %s: median %.1f us of CPU a request; against off of the same round %+.1f %% (median; %+.1f to"
                            + " %+.1f)%n",
                    what, mode, median(used), median(ratios), ratios[0], ratios[ROUNDS - 1]);
        });
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }
}
