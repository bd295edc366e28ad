package forge.ai.provider.openai;

import com.sun.management.OperatingSystemMXBean;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.Configs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * What the provider adds to a chat: callers in a closed loop, by OkHttp alone, which reads the bytes of the answer and
 * makes nothing of them, and by the provider, in turn, against the same upstream in another process. Prints the medians
 * of the rounds and their ratios; the CPU is that of this process.
 */
final class PassThroughBenchmark {

    private static final int ROUNDS = Integer.getInteger("rounds", 9);
    private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("millis", 1000));
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ChatRequest REQUEST = ChatRequest.of("m", Message.user("Say the word twenty times, please."));
    private static final String BODY =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Say the word twenty times, please.\"}]%s}";

    private PassThroughBenchmark() {}

    /** One round: calls a second, microseconds of CPU a call. */
    private record Round(double rate, double cpu) {}

    private interface Call {
        void run() throws IOException;
    }

    public static void main(String[] arguments) throws Exception {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StaticUpstream.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream()))) {
            measure("http://127.0.0.1:" + out.readLine());
        } finally {
            server.destroy();
        }
    }

    private static void measure(String address) throws InterruptedException {
        OpenAiProvider provider = new OpenAiProvider(
                Settings.of(Configs.of(OpenAiProviderComponent.Config.class, Map.of("baseUrl", address))));
        OkHttpClient raw = new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(64, 5, TimeUnit.MINUTES))
                .build();
        Request whole = request(address, "");
        Request stream = request(address, ",\"stream\":true");
        for (int callers : new int[] {1, 32}) {
            compare("chat", callers, () -> read(raw, whole), () -> provider.chat(REQUEST));
            compare("stream", callers, () -> read(raw, stream), () -> read(provider.streamChat(REQUEST)));
        }
        provider.close();
    }

    private static Request request(String address, String more) {
        RequestBody body = RequestBody.create(BODY.formatted(more), MediaType.get("application/json"));
        return new Request.Builder()
                .url(address + "/chat/completions")
                .post(body)
                .build();
    }

    private static void read(OkHttpClient client, Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            response.body().bytes();
        }
    }

    private static void read(CompletionStream stream) {
        try (stream) {
            stream.forEachRemaining(event -> {});
        }
    }

    private static void compare(String what, int callers, Call raw, Call ours) throws InterruptedException {
        List<Round> first = new ArrayList<>();
        List<Round> second = new ArrayList<>();
        for (int round = -2; round < ROUNDS; round++) {
            Round one = round(callers, raw);
            Round other = round(callers, ours);
            // The first two warm up.
            if (round >= 0) {
                first.add(one);
                second.add(other);
            }
        }
        System.out.printf(
                "%s, %d callers: OkHttp %.0f/s %.1f us CPU, provider %.0f/s %.1f us CPU, ratio of rates %.2f, of CPU %.2f%n",
                what,
                callers,
                median(first, Round::rate),
                median(first, Round::cpu),
                median(second, Round::rate),
                median(second, Round::cpu),
                median(second, Round::rate) / median(first, Round::rate),
                median(second, Round::cpu) / median(first, Round::cpu));
    }

    private static Round round(int callers, Call call) throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        LongAdder calls = new LongAdder();
        List<Throwable> failures = new ArrayList<>();
        long cpu = SYSTEM.getProcessCpuTime();
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    while (!stop.get()) {
                        call.run();
                        calls.increment();
                    }
                } catch (IOException | RuntimeException e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            }));
        }
        TimeUnit.NANOSECONDS.sleep(ROUND);
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a call failed", failures.getFirst());
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Round(calls.sum() / seconds, (SYSTEM.getProcessCpuTime() - cpu) / 1000.0 / calls.sum());
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> of) {
        double[] values = rounds.stream().mapToDouble(of).toArray();
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
