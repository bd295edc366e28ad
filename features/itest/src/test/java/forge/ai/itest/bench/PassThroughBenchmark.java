package forge.ai.itest.bench;

import forge.ai.itest.ForgeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Chat passed through to an OpenAI-compatible upstream on the loopback that answers at once, against the same request
 * sent to that upstream itself, round by round in one run. Prints requests a second, CPU of the runtime a request
 * (against that of client and upstream together), the median and the 99th percentile.
 *
 * <p>Takes the folder of the project; {@code -Drounds} and {@code -Dseconds} say how long.
 */
final class PassThroughBenchmark {

    private static final int ROUNDS = Integer.getInteger("rounds", 4);
    private static final Duration EACH = Duration.ofSeconds(Integer.getInteger("seconds", 4));
    private static final String REQUEST = """
            {"model":"%s","messages":[{"role":"system","content":"You are brief."},\
            {"role":"user","content":"What is the capital of Japan?"}],"max_tokens":16,"temperature":0}""";
    private static final String ANSWER = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,\
            "message":{"role":"assistant","content":"The capital of Japan is Tokyo.","refusal":null},"logprobs":null,\
            "finish_reason":"stop"}],"usage":{"prompt_tokens":21,"completion_tokens":7,"total_tokens":28}}""";

    private PassThroughBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        System.setProperty("forge.root", Path.of(arguments[0]).toAbsolutePath().toString());
        Path home = Files.createTempDirectory("forge-benchmark");
        Path conf = Files.createDirectories(home.resolve("conf"));
        try (StaticUpstream upstream = new StaticUpstream(ANSWER)) {
            Files.writeString(
                    conf.resolve("forge.ai.provider.openai~up.cfg.json"),
                    "{\"name\":\"up\",\"baseUrl\":\"" + upstream.address() + "/v1\",\"models\":[\"m\"]}");
            try (ForgeProcess forge = ForgeProcess.start(home)) {
                HttpLoad raw = new HttpLoad(upstream.address(), "/v1/chat/completions", REQUEST.formatted("m"));
                HttpLoad through = new HttpLoad(forge.http(), "/v1/chat/completions", REQUEST.formatted("up/m"));
                for (int round = 1; round <= ROUNDS; round++) {
                    for (int connections : new int[] {1, 32}) {
                        print(
                                round,
                                connections,
                                "raw",
                                raw,
                                ProcessHandle.current().pid());
                        print(round, connections, "through", through, forge.pid());
                    }
                }
            }
        }
    }

    private static void print(int round, int connections, String what, HttpLoad load, long pid) throws Exception {
        double before = cpuMicros(pid);
        HttpLoad.Outcome outcome = load.run(connections, EACH);
        double cpu = (cpuMicros(pid) - before) / outcome.requests();
        System.out.printf(
                "round %d, %2d connections, %-7s %8.0f/s  cpu %6.1f us/request  p50 %7.1f us  p99 %8.1f us%n",
                round, connections, what, outcome.perSecond(), cpu, outcome.p50(), outcome.p99());
    }

    /** The 14th and 15th field are user and system time in hundredths of a second. */
    private static double cpuMicros(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000.0;
    }
}
