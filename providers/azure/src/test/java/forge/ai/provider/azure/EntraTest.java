package forge.ai.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.AuthenticationException;
import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.testkit.LoggedText;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens of Entra in place of keys. */
@Timeout(60)
class EntraTest {

    private static final String JSON = "application/json";
    private static final String SECRET = "s3cret~of.the/app+&=%";
    private static final ChatRequest REQUEST = ChatRequest.of(OpenAiServer.MODEL, Message.user("abc"));

    private final OpenAiServer server = new OpenAiServer();
    private final Set<String> valid = ConcurrentHashMap.newKeySet();
    private final AtomicInteger granted = new AtomicInteger();
    private final ScriptedUpstream entra = new ScriptedUpstream();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final LoggedText logged = new LoggedText();
    private final AzureProvider provider = new AzureProvider(settings(Map.of()));
    private volatile long life = 3600;

    EntraTest() {
        entra.script(this::grant);
        upstream.script(x -> {
            if (valid.contains(x.header("Authorization"))) {
                server.answer(x);
            } else {
                x.answer(401, JSON, "{\"error\":{\"code\":\"401\",\"message\":\"the token is not valid\"}}");
            }
        });
    }

    private Settings settings(Map<String, ?> more) {
        Map<String, Object> values = new HashMap<>(Map.of(
                "apiKeys",
                new String[0],
                "entra_tenant",
                "contoso.example",
                "entra_clientId",
                "my-app",
                "entra_clientSecret",
                SECRET,
                "entra_tokenUrl",
                entra.uri() + "/contoso.example/oauth2/v2.0/token"));
        values.putAll(more);
        return AzureConfigs.at(values, upstream.uri());
    }

    private void grant(ScriptedExchange x) throws Exception {
        String token = "eyJ0.token-" + granted.incrementAndGet() + ".x~+/=";
        valid.add("Bearer " + token);
        x.answer(
                200,
                JSON,
                "{\"token_type\":\"Bearer\",\"expires_in\":" + life + ",\"access_token\":\"" + token + "\"}");
    }

    @AfterEach
    void close() {
        provider.close();
        entra.close();
        upstream.close();
        logged.close();
        assertThat(logged.text()).doesNotContain(SECRET).doesNotContain("eyJ0");
    }

    @Test
    void aTokenIsAskedForOnceAndSentWithEachCall() {
        assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
        assertThat(Completion.of(provider.streamChat(REQUEST)).text()).isEqualTo("cba");
        provider.probe();
        assertThat(granted).hasValue(1);
        assertThat(upstream.requests())
                .hasSize(3)
                .allMatch(x -> x.header("Authorization").equals("Bearer eyJ0.token-1.x~+/="))
                .allMatch(x -> x.header("api-key").isEmpty());

        ScriptedExchange asked = entra.requests().getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.path()).isEqualTo("/contoso.example/oauth2/v2.0/token");
        assertThat(asked.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(asked.body())
                .isEqualTo("grant_type=client_credentials&client_id=my-app"
                        + "&client_secret=s3cret%7Eof.the%2Fapp%2B%26%3D%25"
                        + "&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default");
    }

    @Test
    void callersAtTheSameTimeShareOneRequestForAToken() throws Exception {
        AtomicInteger waiting = new AtomicInteger();
        entra.script(x -> {
            // Until all others must have come.
            while (waiting.get() < 16) {
                Thread.onSpinWait();
            }
            x.awaitDisconnect(Duration.ofMillis(50));
            grant(x);
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int caller = 0; caller < 16; caller++) {
                callers.add(threads.submit(() -> {
                    waiting.incrementAndGet();
                    assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        assertThat(granted).hasValue(1);
    }

    @Test
    void aTokenIsRenewedBeforeItsEndAndTheOldOneServesMeanwhile() {
        AtomicLong now = new AtomicLong();
        HttpUpstream http = new HttpUpstream();
        Settings settings = settings(Map.of());
        EntraTokens tokens =
                new EntraTokens("azure", settings.entra().orElseThrow(), settings.limits(), http, now::get);
        Region region = new Region("https://a");
        Duration limit = Duration.ofSeconds(20);

        String first = tokens.current(region, limit).secret();
        now.addAndGet(Duration.ofSeconds(3600 - 301).toNanos());
        assertThat(tokens.current(region, limit).secret()).isEqualTo(first);
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        entra.script(x -> x.answer(503, JSON, "{\"error\":\"temporarily_unavailable\"}"));
        assertThat(tokens.current(region, limit).secret()).as("it still holds").isEqualTo(first);
        int asked = entra.requests().size();
        assertThat(tokens.current(region, limit).secret()).isEqualTo(first);
        assertThat(entra.requests()).as("not asked at once again").hasSize(asked);

        now.addAndGet(Duration.ofSeconds(11).toNanos());
        entra.script(this::grant);
        String second = tokens.current(region, limit).secret();
        assertThat(second).isNotEqualTo(first);

        now.addAndGet(Duration.ofSeconds(3700).toNanos());
        entra.script(x -> x.answer(503, JSON, "{\"error\":\"temporarily_unavailable\"}"));
        ForgeException e = catchThrowableOfType(ForgeException.class, () -> tokens.current(region, limit));
        assertThat(e.code()).as("it holds no longer").isEqualTo(ErrorCode.UNAVAILABLE);
        http.close();
    }

    @Test
    void aShortLifeIsRenewedAfterHalfOfIt() {
        AtomicLong now = new AtomicLong();
        HttpUpstream http = new HttpUpstream();
        life = 60;
        Settings settings = settings(Map.of());
        EntraTokens tokens =
                new EntraTokens("azure", settings.entra().orElseThrow(), settings.limits(), http, now::get);
        Region region = new Region("https://a");
        String first = tokens.current(region, Duration.ZERO).secret();
        now.addAndGet(Duration.ofSeconds(29).toNanos());
        assertThat(tokens.current(region, Duration.ZERO).secret()).isEqualTo(first);
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(tokens.current(region, Duration.ZERO).secret()).isNotEqualTo(first);
        http.close();
    }

    @Test
    void aTokenThatWasRevokedIsReplacedWithoutAFailedCall() {
        provider.chat(REQUEST);
        valid.clear();
        assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
        valid.clear();
        assertThat(Completion.of(provider.streamChat(REQUEST)).text()).isEqualTo("cba");
        assertThat(granted).hasValue(3);
    }

    @Test
    void aTokenThatAzureDoesNotTakeIsNotAskedForWithoutEnd() {
        upstream.script(x -> x.answer(401, JSON, "{\"error\":{\"code\":\"401\",\"message\":\"no\"}}"));
        assertThatThrownBy(() -> provider.chat(REQUEST)).isInstanceOf(AuthenticationException.class);
        assertThat(granted).hasValue(2);
    }

    @Test
    void aSecretThatEntraRefusesIsAnAuthenticationErrorThatDoesNotShowIt() {
        entra.script(x -> x.answer(
                401,
                JSON,
                "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client secret provided: "
                        + SECRET + ".\",\"error_codes\":[7000215]}"));
        for (Runnable call : List.<Runnable>of(
                () -> provider.chat(REQUEST), () -> Completion.of(provider.streamChat(REQUEST)), provider::probe)) {
            AuthenticationException e = catchThrowableOfType(AuthenticationException.class, call::run);
            assertThat(e).hasMessage("no token from Entra; azure: AADSTS7000215: Invalid client secret provided: ***.");
            assertThat(e.details().vendorCode()).isEqualTo("invalid_client");
            StringWriter all = new StringWriter();
            e.printStackTrace(new PrintWriter(all));
            assertThat(all + " " + e.details()).doesNotContain(SECRET);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void whatIsNoTokenIsAProtocolError() {
        for (String body :
                List.of("", "[]", "{}", "<html>", "{\"access_token\":\"\"}", "{\"access_token\":\"a\\nb\"}")) {
            entra.script(x -> x.answer(200, JSON, body));
            ForgeException e = catchThrowableOfType(ForgeException.class, () -> provider.chat(REQUEST));
            assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL);
        }
    }

    @Test
    void aTokenOutlivesANewConfigurationOfTheSameApplication() {
        provider.chat(REQUEST);
        provider.use(settings(Map.of("requestTimeoutMillis", 5000L)));
        provider.chat(REQUEST);
        assertThat(granted).hasValue(1);
        provider.use(settings(Map.of("entra_clientId", "another")));
        provider.chat(REQUEST);
        assertThat(granted).hasValue(2);
    }
}
