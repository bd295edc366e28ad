package forge.ai.runtime.server;

import static forge.ai.runtime.server.Monitored.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import forge.ai.api.llm.Caller;
import forge.ai.api.llm.UsageEntry.Outcome;
import forge.ai.api.llm.UsageFilter;
import forge.ai.api.llm.UsageLedger;
import forge.ai.api.llm.UsageTotal;
import forge.ai.api.monitoring.Metric;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is measured is what was done, exactly. */
@Timeout(120)
class MetricsIT {

    private static final int CALLERS = 16;
    private static final int CALLS = 12;
    private static final String[] WHAT = {"ok", "ok", "silent", "away", "wrong", "cut"};
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private static Path folder;

    private final CountingUpstream upstream = new CountingUpstream();
    /** Answers by status. */
    private final AtomicIntegerArray statuses = new AtomicIntegerArray(600);

    private void calls(RunningServer server, int caller) throws Exception {
        Random random = new Random(caller);
        for (int call = 0; call < CALLS; call++) {
            String what = WHAT[random.nextInt(WHAT.length)];
            String text = "c" + caller + "-" + call + " " + what + " " + (1 + random.nextInt(100)) + " "
                    + (1 + random.nextInt(50));
            boolean stream = random.nextBoolean() || what.equals("cut");
            HttpResponse<String> answer = server.post(
                    "/v1/chat/completions",
                    "{\"model\":\"r\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text
                            + "\"}]}");
            statuses.incrementAndGet(answer.statusCode());
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within %s", what, LIMIT).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void countsAreThoseOfTheLedgerTheUpstreamAndTheClients() throws Exception {
        try (RunningServer server = new RunningServer(folder.resolve("counted"));
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Monitored monitored = Monitored.start(server);
            server.configureOther("forge.ai.runtime.llm", Map.of("ejectAfter", 100, "backoffMillis", 1L));
            server.configureOther(
                    "forge.ai.prices", Map.of("prices", new String[] {"a/m=100,10,200", "b/m=100,10,200"}));
            UsageLedger ledger = server.framework().await(UsageLedger.class, "(objectClass=*)", LIMIT);
            server.provide("a", upstream.provider(true));
            server.provide("b", upstream.provider(false));
            server.route("r", "a/m", "b/m");
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int caller = i;
                running.add(executor.submit(() -> {
                    calls(server, caller);
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
            attempts(monitored, ledger);
            calls(monitored);
        }
    }

    private void attempts(Monitored monitored, UsageLedger ledger) throws InterruptedException {
        String attempts = "gen_ai.client.operation.duration";
        await("all attempts", () -> monitored.count(attempts, all -> true) == upstream.asked.sum());
        assertThat(monitored.count(attempts, with("error.type", ""))).isEqualTo(upstream.completed.sum());
        assertThat(monitored.count(
                        attempts, with("error.type", "INVALID_REQUEST").or(with("error.type", "UNAVAILABLE"))))
                .isEqualTo(upstream.failed.sum());
        List<UsageTotal> totals = ledger.totals(UsageFilter.ALL);
        for (String provider : List.of("a", "b")) {
            List<UsageTotal> of =
                    totals.stream().filter(t -> t.provider().equals(provider)).toList();
            assertThat(monitored.count(attempts, with("gen_ai.provider.name", provider)))
                    .isEqualTo(of.stream().mapToLong(UsageTotal::calls).sum());
            long input = of.stream().mapToLong(t -> t.usage().inputTokens()).sum();
            long output = of.stream().mapToLong(t -> t.usage().outputTokens()).sum();
            double cost = of.stream().mapToDouble(t -> t.cost().doubleValue()).sum();
            for (String tokens : List.of("gen_ai.client.token.usage", "forge.llm.tokens")) {
                assertThat(monitored.sum(
                                tokens, with("gen_ai.provider.name", provider).and(with("gen_ai.token.type", "input"))))
                        .isEqualTo(input);
                assertThat(monitored.sum(
                                tokens,
                                with("gen_ai.provider.name", provider).and(with("gen_ai.token.type", "output"))))
                        .isEqualTo(output);
            }
            assertThat(monitored.sum(
                            "forge.llm.cost",
                            with("gen_ai.provider.name", provider).and(with("forge.key", Caller.ANONYMOUS.name()))))
                    .isCloseTo(cost, within(1e-9));
        }
        long streamed = ledger.entries(UsageFilter.ALL, 10_000).stream()
                .filter(e -> e.firstToken().isPresent())
                .count();
        assertThat(monitored.count("gen_ai.client.operation.time_to_first_chunk", all -> true))
                .isEqualTo(streamed);
        // Of the four pieces of an answer all but the first come after another; those cut have one less.
        long cut = ledger.entries(UsageFilter.ALL, 10_000).stream()
                .filter(e -> e.outcome() == Outcome.CUT)
                .count();
        assertThat(cut).isPositive();
        assertThat(monitored.count("gen_ai.client.operation.time_per_output_chunk", all -> true))
                .isEqualTo(3 * (streamed - cut) + cut);
        assertThat(monitored.points(attempts)).allSatisfy(point -> {
            assertThat(point.attributes()).containsEntry("gen_ai.operation.name", "chat");
            assertThat(point.attributes()).containsEntry("gen_ai.request.model", "m");
            assertThat(point.distribution().orElseThrow().quantile(0.99)).isPositive();
        });
    }

    private void calls(Monitored monitored) throws InterruptedException {
        String requests = "http.server.request.duration";
        await("all requests", () -> monitored.count(requests, all -> true) == CALLERS * CALLS);
        for (int status : List.of(200, 400, 503)) {
            assertThat(monitored.count(requests, with("http.response.status_code", Integer.toString(status))))
                    .as("%d", status)
                    .isEqualTo(statuses.get(status));
        }
        assertThat(monitored.count(
                        requests, with("http.route", "/v1/chat/completions").and(with("http.request.method", "POST"))))
                .isEqualTo(CALLERS * CALLS);
        String calls = "forge.llm.call.duration";
        assertThat(monitored.count(calls, with("gen_ai.request.model", "r"))).isEqualTo(CALLERS * CALLS);
        assertThat(monitored.count(calls, with("error.type", "INVALID_REQUEST")))
                .isEqualTo(statuses.get(400));
        assertThat(monitored.sum("http.server.active_requests", all -> true)).isZero();
        assertThat(monitored.points("forge.llm.provider.healthy")).hasSize(2);
    }

    @Test
    void metricsAreServedAsTextToThoseWhoMayOperate() throws Exception {
        try (RunningServer server = new RunningServer(folder.resolve("served"))) {
            assertThat(server.get("/metrics").statusCode()).isEqualTo(503);
            Monitored monitored = Monitored.start(server);
            server.get("/health/live");
            server.get("/v1/models/none");
            server.get("/nothing/here");
            await("all requests", () -> monitored.count("http.server.request.duration", all -> true) == 3);
            HttpResponse<String> text = server.get("/metrics");
            assertThat(text.statusCode()).isEqualTo(200);
            assertThat(text.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(text.body().lines())
                    .contains(
                            "# TYPE http_server_request_duration_seconds histogram",
                            "http_server_request_duration_seconds_count{http_request_method=\"GET\","
                                    + "http_response_status_code=\"200\",http_route=\"/health/live\"} 1",
                            "http_server_request_duration_seconds_count{http_request_method=\"GET\","
                                    + "http_response_status_code=\"404\",http_route=\"/v1/models/{id...}\"} 1",
                            "http_server_request_duration_seconds_count{http_request_method=\"GET\","
                                    + "http_response_status_code=\"404\"} 1")
                    .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{jvm_memory_pool_name="))
                    .anyMatch(line -> line.startsWith("jvm_cpu_time_seconds_total "))
                    .anyMatch(line -> line.matches("forge_bundles\\{forge_bundle_state=\"active\"} \\d+\\.0"));
            HttpResponse<String> open = server.http.send(
                    HttpRequest.newBuilder(server.address().resolve("/metrics"))
                            .header("Accept", "application/openmetrics-text; version=1.0.0")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(open.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("application/openmetrics-text");
            assertThat(open.body())
                    .endsWith("# EOF\n")
                    .contains("# UNIT http_server_request_duration_seconds seconds\n");

            String user = Keys.create(server, "user", Map.of("roles", new String[] {Caller.USE}));
            assertThat(server.get("/metrics").statusCode()).isEqualTo(401);
            assertThat(metrics(server, user).statusCode()).isEqualTo(403);
            String operator =
                    Keys.create(server, "operator", Map.of("roles", new String[] {Caller.USE, Caller.OPERATE}));
            assertThat(metrics(server, operator).statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> metrics(RunningServer server, String key) throws Exception {
        return server.http.send(
                HttpRequest.newBuilder(server.address().resolve("/metrics"))
                        .header("Authorization", "Bearer " + key)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void changesOfBundlesAndConfigurationsAreCounted() throws Exception {
        try (RunningServer server = new RunningServer(folder.resolve("changes"))) {
            Monitored monitored = Monitored.start(server);
            server.route("r", "a/m");
            server.keepConversations();
            await(
                    "the change of the configuration",
                    () -> monitored.sum(
                                    "forge.configuration.changes", with("forge.configuration.pid", "forge.ai.route~r"))
                            == 1);
            await(
                    "the new bundle",
                    () -> monitored.sum(
                                    "forge.bundle.changes",
                                    with("forge.bundle.name", "forge.ai.runtime.conversations")
                                            .and(with("forge.change", "started")))
                            == 1);
            assertThat(monitored.reader().read())
                    .allSatisfy(metric -> assertThat(metric.description()).isNotEmpty())
                    .extracting(Metric::name)
                    .isSorted();
        }
    }
}
