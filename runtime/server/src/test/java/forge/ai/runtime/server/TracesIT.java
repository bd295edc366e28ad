package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.otlp.CollectedSpan;
import forge.ai.runtime.testkit.otlp.OtlpCollector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One trace for each request, from the client's part of it to the upstream's. */
@Timeout(60)
class TracesIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String ANSWER = """
            {"id":"chatcmpl-7","model":"m-2026","choices":[{"index":0,"message":{"role":"assistant","content":"said"},\
            "finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}""";
    private static final String VECTORS = """
            {"model":"m-2026","data":[{"index":0,"embedding":[0.5]}],"usage":{"prompt_tokens":3,"total_tokens":3}}""";

    @TempDir
    private static Path folder;

    private static final ScriptedUpstream UPSTREAM = new ScriptedUpstream();
    private static OtlpCollector collector;
    private static RunningServer server;

    private final String trace =
            "%016x%016x".formatted(ThreadLocalRandom.current().nextLong(), 7);

    @BeforeAll
    static void start() throws Exception {
        collector = new OtlpCollector();
        server = new RunningServer(folder);
        Monitored.start(server, collector);
        server.provideOpenAi("up", UPSTREAM.uri());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        UPSTREAM.close();
        collector.close();
    }

    @BeforeEach
    void forget() {
        UPSTREAM.requests().clear();
    }

    private HttpResponse<String> post(String path, String json) throws Exception {
        return server.http.send(
                HttpRequest.newBuilder(server.address().resolve(path))
                        .header("Content-Type", "application/json")
                        .header("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
                        .header("tracestate", "vendor=1")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String chat(String model, boolean stream) {
        return "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"secret words\"}]}";
    }

    /** All spans of this test's trace, the server's among them, which ends last. */
    private List<CollectedSpan> spans() throws InterruptedException {
        return collector.await(s -> s.trace().equals(trace) && s.kind() == 2, LIMIT);
    }

    private static CollectedSpan child(List<CollectedSpan> spans, CollectedSpan parent, String name) {
        List<CollectedSpan> found = spans.stream()
                .filter(s -> s.parent().equals(parent.id()) && s.name().equals(name))
                .toList();
        assertThat(found).as("%s below %s in %s", name, parent.name(), spans).hasSize(1);
        return found.getFirst();
    }

    private static CollectedSpan server(List<CollectedSpan> spans) {
        return spans.stream().filter(s -> s.kind() == 2).findFirst().orElseThrow();
    }

    @Test
    void anAnswerExplainsItselfInItsSpans() throws Exception {
        UPSTREAM.script(x -> x.answer(200, "application/json", ANSWER));
        server.route("r", "up/m");
        HttpResponse<String> answer = post("/v1/chat/completions", chat("r", false));
        assertThat(answer.statusCode()).isEqualTo(200);

        List<CollectedSpan> spans = spans();
        assertThat(spans).hasSize(4);
        CollectedSpan request = server(spans);
        assertThat(request.name()).isEqualTo("POST /v1/chat/completions");
        assertThat(request.parent()).isEqualTo("b7ad6b7169203331");
        assertThat(request.state()).isEqualTo("vendor=1");
        assertThat(request.attributes())
                .containsEntry("http.route", "/v1/chat/completions")
                .containsEntry("http.response.status_code", "200");
        CollectedSpan call = child(spans, request, "chat");
        // The same as the headers say.
        assertThat(call.attribute("gen_ai.provider.name"))
                .isEqualTo(answer.headers().firstValue("x-forge-provider").orElseThrow());
        assertThat(call.attribute("forge.model"))
                .isEqualTo(answer.headers().firstValue("x-forge-model").orElseThrow());
        assertThat(call.attribute("forge.route"))
                .isEqualTo(answer.headers().firstValue("x-forge-route").orElseThrow());
        assertThat(call.attribute("forge.attempts"))
                .isEqualTo(answer.headers().firstValue("x-forge-attempts").orElseThrow());
        assertThat(call.attributes())
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.request.model", "r")
                .containsEntry("forge.key", "anonymous")
                .containsKey("forge.lost");
        CollectedSpan attempt = child(spans, call, "chat m");
        assertThat(attempt.kind()).isEqualTo(3);
        assertThat(attempt.attributes())
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.provider.name", "up")
                .containsEntry("gen_ai.request.model", "m")
                .containsEntry("gen_ai.response.model", "m-2026")
                .containsEntry("gen_ai.response.id", "chatcmpl-7")
                .containsEntry("gen_ai.response.finish_reasons", "[stop]")
                .containsEntry("gen_ai.usage.input_tokens", "9")
                .containsEntry("gen_ai.usage.output_tokens", "2");
        CollectedSpan upstream = child(spans, attempt, "POST");
        assertThat(upstream.attributes())
                .containsEntry("http.response.status_code", "200")
                .containsEntry("url.full", UPSTREAM.uri() + "/chat/completions");
        assertThat(UPSTREAM.requests().getLast().header("traceparent"))
                .isEqualTo("00-" + trace + "-" + upstream.id() + "-01");
        assertThat(UPSTREAM.requests().getLast().header("tracestate")).isEqualTo("vendor=1");
        assertThat(spans).noneMatch(CollectedSpan::failed);
        assertThat(spans.toString()).doesNotContain("secret words").doesNotContain("\"said\"");
        for (CollectedSpan span : spans) {
            assertThat(span.start()).isBetween(request.start(), request.end());
            assertThat(span.end()).isBetween(span.start(), request.end());
        }
    }

    @Test
    void aStreamIsOneTraceToItsEnd() throws Exception {
        UPSTREAM.script(x -> {
            x.begin(200, "text/event-stream");
            x.chunk("data: {\"id\":\"c-1\",\"model\":\"m-2026\",\"choices\":[{\"index\":0,\"delta\":"
                    + "{\"role\":\"assistant\",\"content\":\"a\"}}]}\n\n");
            x.chunk("data: {\"id\":\"c-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n");
            x.chunk(
                    "data: {\"id\":\"c-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":1}}\n\n");
            x.chunk("data: [DONE]\n\n");
            x.end();
        });
        assertThat(post("/v1/chat/completions", chat("up/m", true)).body()).contains("[DONE]");
        List<CollectedSpan> spans = spans();
        CollectedSpan call = child(spans, server(spans), "chat");
        CollectedSpan attempt = child(spans, call, "chat m");
        assertThat(call.attributes()).containsEntry("gen_ai.request.stream", "true");
        assertThat(attempt.attributes())
                .containsEntry("gen_ai.response.id", "c-1")
                .containsEntry("gen_ai.response.finish_reasons", "[length]")
                .containsEntry("gen_ai.usage.input_tokens", "4")
                .containsKey("forge.time_to_first_chunk");
        assertThat(child(spans, attempt, "POST").failed()).isFalse();
    }

    @Test
    void eachAttemptHasItsPart() throws Exception {
        UPSTREAM.script(x -> {
            if (x.body().contains("\"first\"")) {
                x.answer(503, "application/json", "{\"error\":{\"message\":\"down\"}}");
            } else {
                x.answer(200, "application/json", ANSWER);
            }
        });
        server.route("fallback", "up/first", "up/second");
        assertThat(post("/v1/chat/completions", chat("fallback", false)).statusCode())
                .isEqualTo(200);
        List<CollectedSpan> spans = spans();
        CollectedSpan call = child(spans, server(spans), "chat");
        CollectedSpan first = child(spans, call, "chat first");
        CollectedSpan second = child(spans, call, "chat second");
        assertThat(first.failed()).isTrue();
        assertThat(first.attributes())
                .containsEntry("error.type", "UNAVAILABLE")
                .containsEntry("forge.attempt", "1");
        assertThat(child(spans, first, "POST").attributes())
                .containsEntry("http.response.status_code", "503")
                .containsEntry("error.type", "503");
        assertThat(second.failed()).isFalse();
        assertThat(second.attributes()).containsEntry("forge.attempt", "2");
        assertThat(second.start()).isGreaterThanOrEqualTo(first.end());
        assertThat(call.failed()).isFalse();
        assertThat(call.attributes()).containsEntry("forge.attempts", "2").containsEntry("forge.model", "second");
        assertThat(Double.parseDouble(call.attribute("forge.lost"))).isPositive();
    }

    @Test
    void aCallThatFailsSaysSoAllTheWay() throws Exception {
        UPSTREAM.script(x -> x.answer(400, "application/json", "{\"error\":{\"message\":\"never\"}}"));
        assertThat(post("/v1/chat/completions", chat("up/m", false)).statusCode())
                .isEqualTo(400);
        List<CollectedSpan> spans = spans();
        CollectedSpan request = server(spans);
        CollectedSpan call = child(spans, request, "chat");
        assertThat(call.attributes()).containsEntry("error.type", "INVALID_REQUEST");
        assertThat(child(spans, call, "chat m").failed()).isTrue();
        // By the conventions of HTTP it is the client's failure.
        assertThat(request.failed()).isFalse();
        assertThat(spans.toString()).doesNotContain("never");
    }

    @Test
    void embeddingsAreOneTraceToo() throws Exception {
        UPSTREAM.script(x -> x.answer(200, "application/json", VECTORS));
        assertThat(post("/v1/embeddings", "{\"model\":\"up/m\",\"input\":\"text\"}")
                        .statusCode())
                .isEqualTo(200);
        List<CollectedSpan> spans = spans();
        CollectedSpan attempt = child(spans, child(spans, server(spans), "embeddings"), "embeddings m");
        assertThat(attempt.attributes())
                .containsEntry("gen_ai.operation.name", "embeddings")
                .containsEntry("gen_ai.response.model", "m-2026")
                .containsEntry("gen_ai.usage.input_tokens", "3");
        child(spans, attempt, "POST");
    }

    @Test
    void contentsAreThereOnlyWhereTheConfigurationSaysSo() throws Exception {
        UPSTREAM.script(x -> x.answer(200, "application/json", ANSWER));
        server.configureOther(
                "forge.ai.monitoring",
                Map.of("otlp.endpoint", collector.uri().toString(), "traces.ratio", 1.0, "traces.contents", true));
        try {
            long end = System.nanoTime() + LIMIT.toNanos();
            while (collector.spans().stream()
                    .noneMatch(s -> s.attribute("gen_ai.output.messages")
                            .equals("[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"said\"}],"
                                    + "\"finish_reason\":\"stop\"}]"))) {
                // A change of the configuration takes effect some time.
                assertThat(System.nanoTime()).isLessThan(end);
                post("/v1/chat/completions", chat("up/m", false));
                TimeUnit.MILLISECONDS.sleep(50);
            }
            assertThat(collector.spans())
                    .extracting(s -> s.attribute("gen_ai.input.messages"))
                    .contains("[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"secret words\"}]}]");
        } finally {
            server.configureOther(
                    "forge.ai.monitoring",
                    Map.of("otlp.endpoint", collector.uri().toString(), "traces.ratio", 1.0));
        }
    }

    @Test
    void whatNobodyRoutesIsTracedWithoutItsPath() throws Exception {
        post("/no/such/path", "{}");
        CollectedSpan request = server(spans());
        assertThat(request.name()).isEqualTo("POST");
        assertThat(request.attributes())
                .containsEntry("http.response.status_code", "404")
                .doesNotContainKey("http.route");
    }
}
