package forge.ai.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between this provider and its upstream; the key is in no error and no log, whatever it is. */
@Timeout(60)
class OpenAiFaultsTest {

    private static final String KEY = "My-Own.Key/0123456789";
    private static final String JSON = "application/json";
    private static final String SSE = "text/event-stream";
    private static final String PIECE =
            "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}\n\n";
    private static final ChatRequest REQUEST = ChatRequest.of("m", Message.user("hello"));
    private static final int MAX_ANSWER = 1 << 20;

    private final LoggedText logged = new LoggedText();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final List<OpenAiProvider> providers = new ArrayList<>();
    private final OpenAiProvider provider = provider(Map.of());
    private final List<CompletionEvent> events = new ArrayList<>();

    private OpenAiProvider provider(Map<String, ?> more) {
        Map<String, Object> values =
                new HashMap<>(Map.of("baseUrl", upstream.uri().toString(), "apiKey", KEY));
        values.putAll(more);
        Settings settings = Settings.of(Configs.of(OpenAiProviderComponent.Config.class, values));
        assertThat(settings.toString()).doesNotContain(KEY);
        OpenAiProvider made = new OpenAiProvider(settings, new HttpUpstream(Duration.ofMillis(200), MAX_ANSWER));
        providers.add(made);
        return made;
    }

    @AfterEach
    void close() {
        providers.forEach(OpenAiProvider::close);
        upstream.close();
        logged.close();
        assertThat(logged.text()).doesNotContain(KEY);
    }

    private ForgeException whole() {
        return failure(() -> provider.chat(REQUEST));
    }

    private ForgeException streamed() {
        return streamed(provider);
    }

    private ForgeException streamed(OpenAiProvider of) {
        return failure(() -> {
            try (CompletionStream stream = of.streamChat(REQUEST)) {
                stream.forEachRemaining(events::add);
            }
        });
    }

    private static ForgeException failure(Runnable call) {
        try {
            call.run();
        } catch (ForgeException e) {
            StringWriter all = new StringWriter();
            e.printStackTrace(new PrintWriter(all));
            assertThat(all + " " + e.details()).doesNotContain(KEY).doesNotContain("hello");
            assertThat(e.details().provider()).isEqualTo("openai");
            return e;
        }
        throw new AssertionError("it succeeded");
    }

    @Test
    void nobodyListensIsUnavailable() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        OpenAiProvider lost = provider(Map.of("baseUrl", "http://127.0.0.1:" + port));
        for (ForgeException e : List.of(failure(() -> lost.chat(REQUEST)), streamed(lost), failure(lost::probe))) {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(e).hasMessageContaining("127.0.0.1:" + port);
        }
    }

    @Test
    void anUnknownHostIsUnavailable() {
        OpenAiProvider lost = provider(Map.of("baseUrl", "http://no-such-host.invalid/v1"));
        for (ForgeException e : List.of(failure(() -> lost.chat(REQUEST)), streamed(lost))) {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(e).hasMessageContaining("no-such-host.invalid").hasMessageContaining("no such host");
        }
    }

    @Test
    void aConnectionThatIsNotTakenIsATimeout() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            OpenAiProvider waiting = provider(
                    Map.of("baseUrl", "http://127.0.0.1:" + full.getLocalPort(), "connectTimeoutMillis", 200L));
            for (ForgeException e : List.of(failure(() -> waiting.chat(REQUEST)), streamed(waiting))) {
                assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
                assertThat(e).hasMessageContaining("connection").hasMessageContaining("200 ms");
            }
        }
    }

    @Test
    void aResetBeforeTheAnswerIsUnavailableAndNothingIsSentTwice() {
        upstream.script(x -> x.reset());
        assertThat(whole().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(streamed().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void aConnectionThatDiedInThePoolIsReplacedUnseen() throws Exception {
        OpenAiServer server = new OpenAiServer();
        ChatRequest request = ChatRequest.of(OpenAiServer.MODEL, Message.user("abc"));
        for (int i = 0; i < 20; i++) {
            // The answer promises that the connection stays, yet it ends.
            upstream.script(x -> {
                server.answer(x);
                x.reset();
            });
            assertThat(provider.chat(request).text()).isEqualTo("cba");
        }
    }

    @Test
    void anAnswerThatBreaksOffIsAProtocolError() {
        byte[] half = ("HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
                        + "{\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}")
                .getBytes();
        upstream.script(x -> {
            x.raw(half);
            x.reset();
        });
        assertThat(whole().code()).isEqualTo(ErrorCode.PROTOCOL);
        upstream.script(x -> x.raw(half));
        assertThat(whole().code()).isEqualTo(ErrorCode.PROTOCOL);
    }

    @Test
    void aStreamThatBreaksOffIsAProtocolErrorAfterWhatHadCome() {
        List<ScriptedUpstream.Script> breaks = List.of(
                x -> x.reset(),
                // The connection ends without the last chunk.
                x -> x.raw("10\r\ndata: ".getBytes()),
                x -> x.raw(new byte[0]),
                // The stream ends well, but without [DONE], or with half of it.
                x -> x.end(),
                x -> {
                    x.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
                    x.end();
                },
                x -> {
                    x.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DO");
                    x.end();
                });
        for (ScriptedUpstream.Script broken : breaks) {
            events.clear();
            upstream.script(x -> {
                x.begin(200, SSE);
                x.chunk(PIECE);
                broken.answer(x);
            });
            assertThat(streamed().code()).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(events)
                    .containsExactly(new CompletionEvent.Started("", "m"), new CompletionEvent.TextDelta("hi"));
        }
    }

    @Test
    void rateLimitsSayWhenToComeBack() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(90));
        Map<String, Duration> waits = Map.of(
                "Retry-After: 7",
                Duration.ofSeconds(7),
                "Retry-After: 0.25",
                Duration.ofMillis(250),
                "retry-after-ms: 30",
                Duration.ofMillis(30),
                "Retry-After: " + date,
                Duration.ofSeconds(90));
        waits.forEach((header, wait) -> {
            upstream.script(x -> x.answer(429, JSON, "{\"error\":{\"message\":\"slow down\"}}", header));
            for (ForgeException e : List.of(whole(), streamed())) {
                assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED);
                assertThat(e.retryAfter().orElseThrow()).isCloseTo(wait, Duration.ofSeconds(wait.toSeconds() / 10));
            }
        });
        upstream.script(x -> x.answer(429, JSON, "{\"error\":{\"message\":\"x\",\"code\":\"insufficient_quota\"}}"));
        assertThat(whole().code()).isEqualTo(ErrorCode.QUOTA);
        assertThat(upstream.requests()).as("retrying is for the caller").hasSize(9);
    }

    @ParameterizedTest
    @CsvSource({
        "500, UNAVAILABLE", "502, UNAVAILABLE", "503, UNAVAILABLE", "529, UNAVAILABLE", "504, TIMEOUT", "408, TIMEOUT",
        "401, AUTHENTICATION", "403, PERMISSION", "404, NOT_FOUND", "402, QUOTA", "302, PROTOCOL", "307, PROTOCOL"
    })
    void statusesHaveTheirMeaningEvenWithAPageOfAProxy(int status, ErrorCode code) {
        AtomicInteger elsewhere = new AtomicInteger();
        try (ScriptedUpstream other = new ScriptedUpstream()) {
            other.script(x -> elsewhere.incrementAndGet());
            upstream.script(x -> x.answer(
                    status, "text/html", "<html>secret page</html>", "Location: " + other.uri(), "Retry-After: 0"));
            for (ForgeException e : List.of(whole(), streamed())) {
                assertThat(e.code()).isEqualTo(code);
                assertThat(e.details().status()).isEqualTo(status);
                assertThat(e).hasMessageContaining("" + status).hasMessageNotContaining("secret page");
            }
        }
        assertThat(elsewhere).as("a redirect would take the key along").hasValue(0);
        assertThat(upstream.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[]", "1", "null", "{}", "hello", "{\"choices\":[]}", "{\"choices\":[{}]} x"})
    void whatIsNoAnswerIsAProtocolError(String body) {
        upstream.script(x -> x.answer(200, JSON, body));
        assertThat(whole().code()).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(streamed().code()).isEqualTo(ErrorCode.PROTOCOL);
        upstream.script(x -> {
            x.begin(200, SSE);
            x.chunk("data: " + body + "\n\ndata: [DONE]\n\n");
            x.end();
        });
        assertThat(streamed().code()).isEqualTo(ErrorCode.PROTOCOL);
    }

    @Test
    void slowHeadersAreATimeoutOfTheRequestOrOfTheFirstToken() {
        OpenAiProvider hasty = provider(Map.of("requestTimeoutMillis", 300L, "firstTokenTimeoutMillis", 150L));
        upstream.script(x -> x.awaitDisconnect(Duration.ofSeconds(30)));
        took(300, () -> hasty.chat(REQUEST));
        took(150, () -> Completion.of(hasty.streamChat(REQUEST)));
    }

    @Test
    void aBodyThatTricklesIsATimeoutOfTheRequest() {
        OpenAiProvider hasty = provider(Map.of("requestTimeoutMillis", 300L));
        upstream.script(x -> {
            x.begin(200, JSON);
            while (!x.awaitDisconnect(Duration.ofMillis(10))) {
                x.chunk(" ");
            }
        });
        took(300, () -> hasty.chat(REQUEST));
    }

    @Test
    void commentsDoNotCountAsTheFirstTokenNorAsAFurtherOne() {
        OpenAiProvider hasty = provider(Map.of("firstTokenTimeoutMillis", 300L, "idleTimeoutMillis", 150L));
        ScriptedUpstream.Script pings = x -> {
            while (!x.awaitDisconnect(Duration.ofMillis(10))) {
                x.chunk(": still here\n\n");
            }
        };
        upstream.script(x -> {
            x.begin(200, SSE);
            pings.answer(x);
        });
        took(300, () -> Completion.of(hasty.streamChat(REQUEST)));
        upstream.script(x -> {
            x.begin(200, SSE);
            x.chunk(PIECE);
            pings.answer(x);
        });
        took(150, () -> Completion.of(hasty.streamChat(REQUEST)));
    }

    /** No sooner than the limit, and not much later. */
    private static void took(long millis, Runnable call) {
        long begin = System.nanoTime();
        ForgeException e = failure(call);
        long took = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(e).hasMessageContaining("ms");
        assertThat(took).isCloseTo(millis + 1000, within(1010L));
    }

    @Test
    void aStreamThatGoesOnIsNotCutByTheLimitForWholeAnswers() {
        OpenAiProvider hasty = provider(Map.of("requestTimeoutMillis", 100L, "idleTimeoutMillis", 5000L));
        upstream.script(x -> {
            x.begin(200, SSE);
            long end = System.nanoTime() + Duration.ofMillis(400).toNanos();
            while (System.nanoTime() < end && !x.awaitDisconnect(Duration.ofMillis(20))) {
                x.chunk(PIECE);
            }
            x.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
            x.end();
        });
        assertThat(Completion.of(hasty.streamChat(REQUEST)).text()).startsWith("hihihi");
    }

    @Test
    void anAnswerWithoutEndIsRefusedAtTheLimit() {
        String much = " ".repeat(65536);
        upstream.script(x -> {
            x.begin(200, JSON);
            while (true) {
                x.chunk(much);
            }
        });
        assertThat(whole()).hasMessageContaining("" + MAX_ANSWER);
        upstream.script(x -> {
            x.begin(500, "text/plain");
            while (true) {
                x.chunk(much);
            }
        });
        assertThat(streamed().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        upstream.script(x -> {
            x.begin(200, SSE);
            x.chunk("data: ");
            while (true) {
                x.chunk(much);
            }
        });
        assertThat(streamed()).hasMessageContaining("an event of more than");
    }

    @Test
    void anAnswerThatUnpacksWithoutEndIsRefusedAtTheLimit() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[50 * MAX_ANSWER]);
        }
        assertThat(packed.size()).isLessThan(MAX_ANSWER / 8);
        upstream.script(x -> x.answer(200, JSON, packed.toByteArray(), "Content-Encoding: gzip"));
        assertThat(whole()).hasMessageContaining("" + MAX_ANSWER);
    }

    @Test
    void aKeyThatTheUpstreamRepeatsIsTakenOut() {
        String told = "{\"error\":{\"message\":\"Incorrect API key provided: " + KEY + ".\",\"code\":\"" + KEY
                + "\",\"param\":\"" + KEY + "\"}}";
        upstream.script(x -> x.answer(401, JSON, told, "x-request-id: r-1"));
        for (ForgeException e : List.of(whole(), streamed())) {
            assertThat(e).hasMessage("openai: Incorrect API key provided: ***.");
            assertThat(e.details().requestId()).isEqualTo("r-1");
        }
        upstream.script(x -> {
            x.begin(200, SSE);
            x.chunk("data: " + told + "\n\n");
            x.end();
        });
        assertThat(streamed()).hasMessageContaining("***");
        upstream.script(x -> x.answer(200, KEY, KEY));
        assertThat(whole().code()).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(streamed().code()).isEqualTo(ErrorCode.PROTOCOL);
        upstream.script(x -> x.answer(200, JSON, "{}", "Content-Encoding: " + KEY));
        assertThat(whole().code()).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(streamed().code()).isEqualTo(ErrorCode.PROTOCOL);
        upstream.script(x -> x.raw((KEY + " " + KEY + "\r\n\r\n").getBytes()));
        assertThat(whole().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(streamed().code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }
}
