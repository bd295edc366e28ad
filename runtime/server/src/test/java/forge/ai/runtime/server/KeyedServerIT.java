package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ErrorDetails;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageFilter;
import forge.ai.api.llm.UsageLedger;
import forge.ai.runtime.support.json.Json;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys, limits, budgets and what answers say of themselves, over HTTP. */
@Timeout(120)
class KeyedServerIT {

    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    private static Path folder;

    private static RunningServer server;
    private static UsageLedger ledger;

    /** Takes 10 tokens in and 5 out. */
    private static final class Metered implements LlmProvider {
        final AtomicInteger asked = new AtomicInteger();
        volatile boolean down;

        @Override
        public List<LlmModel> models() {
            return List.of(LlmModel.of("m"));
        }

        @Override
        public Completion chat(ChatRequest request) {
            asked.incrementAndGet();
            if (down) {
                throw new UnavailableException("down", ErrorDetails.NONE);
            }
            return Completion.of(request.model(), "hello", Usage.of(10, 5));
        }
    }

    private static final Metered PROVIDER = new Metered();
    private static final Metered OTHER = new Metered();

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder);
        server.provide("p", PROVIDER);
        server.provide("o", OTHER);
        ledger = server.framework().await(UsageLedger.class, "(objectClass=*)", Duration.ofSeconds(10));
        server.configureOther("forge.ai.prices", Map.of("prices", new String[] {"p/m=1000,100,2000"}));
        server.route("r", "p/m", "o/m");
        do {
            assertThat(ask("p/m", false).statusCode()).isEqualTo(200);
        } while (ledger.entries(UsageFilter.ALL, 1).getFirst().cost().signum() == 0);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static HttpResponse<String> ask(String model, boolean stream, String... headers) throws Exception {
        String body = "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
        HttpRequest.Builder request = HttpRequest.newBuilder(server.address().resolve(CHAT))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return server.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> ask(String model, String key) throws Exception {
        return ask(model, false, "Authorization", "Bearer " + key);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void onceAKeyIsConfiguredNobodyIsServedWithoutOneWhicheverWayItIsSent() throws Exception {
        String key = Keys.create(server, "ways", Map.of());
        assertThat(ask("p/m", false, "Authorization", "Bearer " + key).statusCode())
                .isEqualTo(200);
        assertThat(ask("p/m", false, "x-api-key", key).statusCode()).isEqualTo(200);
        assertThat(ask("p/m", false, "api-key", key).statusCode()).isEqualTo(200);
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
        for (HttpResponse<String> refused :
                List.of(ask("p/m", false), ask("p/m", key + "x"), ask("p/m", false, "Authorization", "Basic eDp5"))) {
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(header(refused, "www-authenticate")).isEqualTo("Bearer");
            JsonNode error = Json.read(refused.body()).path("error");
            assertThat(error.path("type").asText()).isEqualTo("authentication_error");
            assertThat(refused.body()).doesNotContain(key);
        }
        assertThat(server.get("/v1/models").statusCode()).isEqualTo(401);
    }

    @Test
    void aKeyIsGoodForItsModelsAndRolesAlone() throws Exception {
        String key = Keys.create(server, "narrow", Map.of("routes", new String[] {"r", "o/*"}));
        assertThat(ask("r", key).statusCode()).isEqualTo(200);
        assertThat(ask("o/m", key).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = ask("p/m", key);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("narrow").contains("r, o/*");
        String operator = Keys.create(server, "operator", Map.of("roles", new String[] {"operate"}));
        assertThat(ask("r", operator).statusCode()).isEqualTo(403);
    }

    @Test
    void theHeadersSayWhatIsLeftAndTheLimitHolds() throws Exception {
        String key = Keys.create(server, "limited", Map.of("requestsPerMinute", 3L, "tokensPerMinute", 1000L));
        long begun = System.nanoTime();
        for (int call = 1; call <= 3; call++) {
            HttpResponse<String> answer = ask("p/m", call == 2, "Authorization", "Bearer " + key);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "x-ratelimit-limit-requests")).isEqualTo("3");
            assertThat(header(answer, "x-ratelimit-remaining-requests")).isEqualTo(Integer.toString(3 - call));
            assertThat(header(answer, "x-ratelimit-reset-requests")).matches("1m[01]s|59s");
            assertThat(header(answer, "x-ratelimit-limit-tokens")).isEqualTo("1000");
            if (call != 2) {
                // A whole answer is settled before it says what is left; a stream's headers leave before that.
                assertThat(header(answer, "x-ratelimit-remaining-tokens"))
                        .isEqualTo(Integer.toString(1000 - 15 * call));
            }
        }
        int asked = PROVIDER.asked.get();
        HttpResponse<String> refused = ask("p/m", key);
        if (Duration.ofNanos(System.nanoTime() - begun).toSeconds() < 50) {
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(Json.read(refused.body()).path("error").path("code").asText())
                    .isEqualTo("rate_limit_exceeded");
            assertThat(Integer.parseInt(header(refused, "retry-after"))).isBetween(1, 61);
            assertThat(header(refused, "x-ratelimit-remaining-requests")).isEqualTo("0");
            assertThat(header(refused, "x-ratelimit-remaining-tokens")).isEqualTo("955");
            assertThat(header(refused, "x-forge-attempts")).isEqualTo("0");
            assertThat(PROVIDER.asked).hasValue(asked);
        }
    }

    @Test
    void theHeadersOfAnthropicsDialectAreItsOwn() throws Exception {
        String key = Keys.create(server, "claude", Map.of("requestsPerMinute", 1L, "tokensPerMinute", 1000L));
        HttpRequest request = HttpRequest.newBuilder(server.address().resolve("/v1/messages"))
                .header("Content-Type", "application/json")
                .header("x-api-key", key)
                .header("anthropic-version", "2023-06-01")
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"p/m\",\"max_tokens\":20,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"))
                .build();
        long begun = System.nanoTime();
        HttpResponse<String> answer = server.http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "anthropic-ratelimit-requests-limit")).isEqualTo("1");
        assertThat(header(answer, "anthropic-ratelimit-requests-remaining")).isEqualTo("0");
        assertThat(Instant.parse(header(answer, "anthropic-ratelimit-requests-reset")))
                .isBetween(Instant.now().plusSeconds(30), Instant.now().plusSeconds(63));
        assertThat(header(answer, "anthropic-ratelimit-tokens-remaining")).isEqualTo("985");
        assertThat(header(answer, "x-forge-provider")).isEqualTo("p");
        HttpResponse<String> refused = server.http.send(request, HttpResponse.BodyHandlers.ofString());
        if (Duration.ofNanos(System.nanoTime() - begun).toSeconds() < 50) {
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(Json.read(refused.body()).path("error").path("type").asText())
                    .isEqualTo("rate_limit_error");
            assertThat(Integer.parseInt(header(refused, "retry-after"))).isBetween(1, 61);
        }
    }

    @Test
    void aBudgetIsAHardStopAndIsRefilledByALargerOne() throws Exception {
        // A call costs 10 * 1000 / 1e6 + 5 * 2000 / 1e6 = 0.02.
        String key = Keys.create(server, "frugal", Map.of("budget", 0.1, "budgetWindow", "total"));
        for (int call = 0; call < 5; call++) {
            assertThat(ask("p/m", key).statusCode()).isEqualTo(200);
        }
        HttpResponse<String> refused = ask("p/m", key);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Json.read(refused.body()).path("error").path("type").asText())
                .isEqualTo("insufficient_quota");
        assertThat(header(refused, "x-should-retry")).isEqualTo("false");
        assertThat(refused.body()).contains("frugal").contains("0.1");
        assertThat(ledger.totals(UsageFilter.ALL.withKey("frugal")))
                .singleElement()
                .satisfies(total -> {
                    assertThat(total.calls()).isEqualTo(5);
                    assertThat(total.cost()).isEqualByComparingTo(new BigDecimal("0.1"));
                });
    }

    @Test
    void anAnswerExplainsItselfAndSoDoesAnError() throws Exception {
        String key = Keys.create(server, "curious", Map.of());
        PROVIDER.down = true;
        try {
            for (boolean stream : new boolean[] {false, true}) {
                HttpResponse<String> answer = ask("r", stream, "x-api-key", key);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(header(answer, "x-forge-provider")).isEqualTo("o");
                assertThat(header(answer, "x-forge-model")).isEqualTo("m");
                assertThat(header(answer, "x-forge-route")).isEqualTo("r");
                assertThat(header(answer, "x-forge-attempts")).isEqualTo("2");
                assertThat(header(answer, "x-forge-lost-millis")).matches("\\d+");
            }
            HttpResponse<String> error = ask("p/m", key);
            assertThat(error.statusCode()).isEqualTo(503);
            assertThat(header(error, "x-forge-provider")).isEqualTo("p");
            assertThat(header(error, "x-forge-model")).isEqualTo("m");
            assertThat(header(error, "x-forge-route")).isEmpty();
            assertThat(Integer.parseInt(header(error, "x-forge-attempts"))).isPositive();
        } finally {
            PROVIDER.down = false;
        }
        assertThat(ledger.entries(UsageFilter.ALL.withKey("curious").withProvider("o"), 10))
                .hasSize(2)
                .allSatisfy(entry -> {
                    assertThat(entry.attempt()).isEqualTo(2);
                    assertThat(entry.route()).isEqualTo("r");
                    assertThat(entry.outcome()).isEqualTo(UsageEntry.Outcome.COMPLETED);
                    assertThat(entry.usage()).isEqualTo(Usage.of(10, 5));
                    assertThat(entry.firstToken().isPresent()).isEqualTo(entry.stream());
                });
    }

    @Test
    void aProviderAtItsLimitIsPassedByWithoutACallAndAloneItIsRefused() throws Exception {
        String key = Keys.create(server, "detour", Map.of());
        server.configure("forge.ai.limit", "busy", Map.of("target", "busy", "requestsPerMinute", 2L));
        Metered busy = new Metered();
        server.provide("busy", busy);
        server.route("detour", "busy/m", "o/m");
        while (server.context().getAllServiceReferences("forge.ai.runtime.llm.LimitConfiguration", null) == null) {
            Thread.onSpinWait();
        }
        while (busy.asked.get() < 2) {
            assertThat(ask("detour", key).statusCode()).isEqualTo(200);
        }
        long begun = System.nanoTime();
        HttpResponse<String> other = ask("detour", key);
        HttpResponse<String> alone = ask("busy/m", key);
        if (Duration.ofNanos(System.nanoTime() - begun).toSeconds() < 30) {
            assertThat(header(other, "x-forge-provider")).isEqualTo("o");
            assertThat(header(other, "x-forge-attempts")).isEqualTo("1");
            assertThat(alone.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(header(alone, "retry-after"))).isBetween(1, 61);
            assertThat(busy.asked).hasValue(2);
        }
    }
}
