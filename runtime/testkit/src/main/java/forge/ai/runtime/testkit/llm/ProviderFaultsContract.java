package forge.ai.runtime.testkit.llm;

import static forge.ai.runtime.testkit.llm.FaultLab.LIMIT;
import static forge.ai.runtime.testkit.llm.FaultLab.await;
import static forge.ai.runtime.testkit.llm.FaultLab.untilDisconnected;
import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.ScriptedUpstream.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong between a provider and its upstream: what the caller sees of it, that nothing stays behind, and that the
 * key and the prompt are in no error and no log. A provider's test extends it with its vendor's answers.
 */
@Timeout(60)
public abstract class ProviderFaultsContract {

    /** The key to give to providers that take one. */
    protected static final String KEY = "My-Own.Key/0123456789";

    /** How long a provider under test is to wait for calls in flight when it is closed. */
    protected static final Duration DRAIN = Duration.ofMillis(200);

    /** The most bytes of a whole answer that a provider under test is to take. */
    protected static final int MAX_ANSWER = 1 << 20;

    private static final String JSON = "application/json";

    private final Map<LlmProvider, URI> providers = new LinkedHashMap<>();
    private FaultLab lab;
    private ScriptedUpstream upstream;
    private LlmProvider provider;

    /** What the vendor's answers look like. */
    protected abstract VendorAnswers answers();

    /** The provider's name, as it is in errors. */
    protected abstract String name();

    /**
     * Makes a provider with {@link #DRAIN}, {@link #MAX_ANSWER} and, if it takes one, {@link #KEY}.
     *
     * @param upstream its one upstream
     * @param limits some of {@code connectTimeoutMillis}, {@code firstTokenTimeoutMillis}, {@code idleTimeoutMillis} and
     *     {@code requestTimeoutMillis}; the others as by default
     */
    protected abstract LlmProvider open(URI upstream, Map<String, Long> limits);

    /** Stops what {@link #open} made. */
    protected abstract void close(LlmProvider provider);

    /** Whether the provider takes a key. */
    protected boolean takesKey() {
        return true;
    }

    @BeforeEach
    final void begin() {
        lab = new FaultLab(takesKey() ? KEY : "", name());
        upstream = lab.upstream;
        provider = provider(Map.of());
    }

    @AfterEach
    final void nothingStaysBehind() throws Exception {
        providers.keySet().forEach(this::close);
        lab.close();
    }

    private LlmProvider provider(Map<String, Long> limits) {
        return provider(upstream.uri(), limits);
    }

    private LlmProvider provider(URI at, Map<String, Long> limits) {
        LlmProvider made = open(at, limits);
        assertThat(made.toString()).doesNotContain(KEY);
        providers.put(made, at);
        return made;
    }

    private void stream(ScriptedExchange x, String start) throws IOException {
        x.begin(200, answers().streamType());
        // An empty chunk would be the last.
        if (!start.isEmpty()) {
            x.chunk(start);
        }
    }

    /** The upstream works, and so does the provider, whatever was before. */
    private void assertServes() {
        upstream.script(this::serve);
        assertThat(provider.chat(lab.request).text()).isEqualTo("good");
        assertThat(Completion.of(provider.streamChat(lab.request)).text()).isEqualTo("good");
    }

    private void serve(ScriptedExchange x) throws IOException {
        if (x.method().equals("POST") && wantsStream(x)) {
            stream(x, answers().stream("good"));
            x.end();
        } else {
            x.answer(200, JSON, answers().whole("good"));
        }
    }

    /** Whether a request asks for a stream; its body says so in most dialects. */
    protected boolean wantsStream(ScriptedExchange exchange) {
        return exchange.body().contains("\"stream\":true");
    }

    @Test
    void nobodyListensIsUnavailable() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        LlmProvider lost = provider(URI.create("http://127.0.0.1:" + port), Map.of());
        for (ForgeException e : List.of(lab.whole(lost), lab.streamed(lost), lab.failure(lost::probe))) {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(e).hasMessageContaining("127.0.0.1:" + port);
        }
    }

    @Test
    void anUnknownHostIsUnavailable() {
        LlmProvider lost = provider(URI.create("http://no-such-host.invalid"), Map.of());
        for (ForgeException e : lab.both(lost)) {
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
            LlmProvider waiting = provider(
                    URI.create("http://127.0.0.1:" + full.getLocalPort()), Map.of("connectTimeoutMillis", 200L));
            for (ForgeException e : lab.both(waiting)) {
                assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
                assertThat(e).hasMessageContaining("connection").hasMessageContaining("200 ms");
            }
        }
    }

    @Test
    void aResetBeforeTheAnswerIsUnavailableAndNothingIsSentTwice() {
        List<Script> stages =
                List.of(x -> {}, x -> x.raw(bytes("HTTP/1.1 2")), x -> x.raw(bytes("HTTP/1.1 200 X\r\nContent-Ty")));
        for (Script stage : stages) {
            upstream.requests().clear();
            upstream.script(x -> {
                stage.answer(x);
                x.reset();
            });
            for (ForgeException e : lab.both(provider)) {
                assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            }
            assertThat(upstream.requests()).hasSize(2);
        }
        assertServes();
    }

    @Test
    void aResetBeforeTheRequestIsThroughIsUnavailable() {
        upstream.greeting(ScriptedUpstream::reset);
        for (ForgeException e : lab.both(provider)) {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        }
        upstream.greeting(socket -> {
            socket.getInputStream().readNBytes(50);
            ScriptedUpstream.reset(socket);
        });
        for (ForgeException e : lab.both(provider)) {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        }
        assertThat(upstream.requests()).isEmpty();
        upstream.greeting(socket -> {});
        assertServes();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aConnectionThatDiedInThePoolIsReplacedUnseen() {
        for (int i = 0; i < 20; i++) {
            // The answer promises that the connection stays, yet it ends.
            upstream.script(x -> {
                serve(x);
                x.reset();
            });
            assertThat(provider.chat(lab.request).text()).isEqualTo("good");
        }
    }

    @Test
    void anAnswerThatBreaksOffIsAProtocolError() {
        String head = "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n";
        for (String part : List.of(head, head + "{\"mod", head + answers().whole("hi"))) {
            for (Script end : List.<Script>of(ScriptedExchange::reset, x -> {})) {
                upstream.script(x -> {
                    x.raw(bytes(part));
                    end.answer(x);
                });
                assertThat(lab.whole(provider).code()).isEqualTo(ErrorCode.PROTOCOL);
            }
        }
        assertServes();
    }

    @Test
    void aStreamThatBreaksOffIsAProtocolErrorAfterWhatHadCome() {
        String half =
                answers().piece("lost").substring(0, answers().piece("lost").length() / 2);
        List<Script> breaks = List.of(
                ScriptedExchange::reset,
                // The connection ends without the last chunk, or in one.
                x -> x.raw(new byte[0]),
                x -> x.raw(bytes("100\r\n" + half)),
                x -> {
                    x.chunk(half);
                    x.reset();
                },
                // The stream ends well, but in the midst of the answer.
                ScriptedExchange::end,
                x -> {
                    x.chunk(half);
                    x.end();
                });
        for (Script broken : breaks) {
            upstream.script(x -> {
                stream(x, answers().begin() + answers().piece("hi"));
                broken.answer(x);
            });
            assertThat(lab.streamed(provider).code()).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(lab.text()).isEqualTo("hi");
        }
        upstream.script(x -> {
            stream(x, "");
            x.end();
        });
        assertThat(lab.streamed(provider).code()).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(lab.events).isEmpty();
        assertServes();
    }

    @Test
    void aStreamWithoutTheMarkOfTheEndIsAProtocolErrorAlthoughItsLastEventIsThere() {
        String marker = answers().marker();
        String all = answers().begin() + answers().piece("hi") + answers().finish();
        for (String part : List.of("", marker.substring(0, marker.length() / 2))) {
            for (Script end : List.<Script>of(ScriptedExchange::end, ScriptedExchange::reset, x -> {})) {
                upstream.script(x -> {
                    stream(x, all + part);
                    end.answer(x);
                });
                assertThat(lab.streamed(provider).code()).isEqualTo(ErrorCode.PROTOCOL);
                assertThat(lab.text()).isEqualTo("hi");
            }
        }
    }

    @Test
    void aStreamWithTheMarkOfTheEndIsWholeAlthoughItsConnectionBreaks() {
        upstream.script(x -> stream(x, answers().stream("good")));
        assertThat(Completion.of(provider.streamChat(lab.request)).text()).isEqualTo("good");
        assertServes();
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
            upstream.script(x -> x.answer(429, JSON, answers().error("slow down", "busy"), header));
            for (ForgeException e : lab.both(provider)) {
                assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED);
                assertThat(e).hasMessage(name() + ": slow down");
                assertThat(e.retryAfter().orElseThrow()).isCloseTo(wait, Duration.ofSeconds(wait.toSeconds() / 4));
            }
        });
        upstream.script(x -> x.answer(429, JSON, answers().error("slow down", "busy")));
        for (ForgeException e : lab.both(provider)) {
            assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(e.retryAfter()).isEmpty();
        }
        assertThat(upstream.requests()).as("retrying is for the caller").hasSize(10);
        assertServes();
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
            for (ForgeException e : lab.both(provider)) {
                assertThat(e.code()).isEqualTo(code);
                assertThat(e.details().status()).isEqualTo(status);
                assertThat(e).hasMessageContaining("" + status).hasMessageNotContaining("secret page");
            }
        }
        assertThat(elsewhere).as("a redirect would take the key along").hasValue(0);
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void aBurstOfErrorsIsPassedOnOnceEachAndThenItServesAtOnce() throws Exception {
        AtomicInteger count = new AtomicInteger();
        upstream.script(x -> x.answer(
                count.incrementAndGet() % 2 == 0 ? 500 : 503, JSON, answers().error("down", "x")));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int caller = 0; caller < 8; caller++) {
                boolean streams = caller % 2 == 0;
                callers.add(threads.submit(() -> {
                    for (int call = 0; call < 25; call++) {
                        ForgeException e = lab.failure(() -> {
                            if (streams) {
                                Completion.of(provider.streamChat(lab.request));
                            } else {
                                provider.chat(lab.request);
                            }
                        });
                        assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    }
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        assertThat(count).as("an outage is not multiplied").hasValue(200);
        assertThat(upstream.open()).as("no more connections than callers").isLessThanOrEqualTo(8);
        assertServes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[]", "1", "null", "{}", "hello", "{\"choices\":[]}", "{\"choices\":[{}]} x"})
    void whatIsNoAnswerIsAProtocolError(String body) {
        upstream.script(x -> x.answer(200, JSON, body));
        assertThat(lab.whole(provider).code()).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(lab.streamed(provider).code()).isEqualTo(ErrorCode.PROTOCOL);
        if (body.isBlank() && answers().markerIsAnAnswer()) {
            return;
        }
        upstream.script(x -> {
            stream(x, answers().unfinished() + body + "\n\n" + answers().marker());
            x.end();
        });
        assertThat(lab.streamed(provider).code()).isEqualTo(ErrorCode.PROTOCOL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/png", "text/plain", "nonsense", ""})
    void anAnswerOfAnotherTypeIsAProtocolError(String type) {
        upstream.script(x -> x.answer(200, type, "<html>Sign in</html>"));
        for (ForgeException e : lab.both(provider)) {
            assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(e).hasMessageNotContaining("Sign in");
        }
    }

    @Test
    void whatIsNotUtf8IsAProtocolError() {
        for (String hex : List.of("FF", "C328", "EDA080")) {
            byte[] wrong = HexFormat.of().parseHex(hex);
            upstream.script(x -> x.answer(200, JSON, with(answers().whole("?!?"), wrong)));
            assertThat(lab.whole(provider).code()).isEqualTo(ErrorCode.PROTOCOL);
            upstream.script(x -> {
                stream(x, answers().begin() + answers().piece("hi"));
                x.chunk(with(answers().piece("?!?"), wrong));
                x.chunk(answers().finish() + answers().marker());
                x.end();
            });
            assertThat(lab.streamed(provider).code()).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(lab.text()).isEqualTo("hi");
        }
        assertServes();
    }

    /** The text in UTF-8 with these bytes in the place of {@code ?!?}. */
    private static byte[] with(String text, byte[] wrong) {
        int at = text.indexOf("?!?");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(bytes(text.substring(0, at)));
        all.writeBytes(wrong);
        all.writeBytes(bytes(text.substring(at + 3)));
        return all.toByteArray();
    }

    @Test
    void slowHeadersAreATimeoutOfTheRequestOrOfTheFirstToken() {
        LlmProvider hasty = provider(Map.of("requestTimeoutMillis", 300L, "firstTokenTimeoutMillis", 150L));
        upstream.script(x -> x.awaitDisconnect(LIMIT));
        lab.timesOut(300, () -> hasty.chat(lab.request));
        lab.timesOut(150, () -> Completion.of(hasty.streamChat(lab.request)));
    }

    @Test
    void aBodyThatTricklesIsATimeoutOfTheRequest() {
        LlmProvider hasty = provider(Map.of("requestTimeoutMillis", 300L));
        upstream.script(x -> {
            x.begin(200, JSON);
            untilDisconnected(x, y -> y.chunk(" "));
        });
        lab.timesOut(300, () -> hasty.chat(lab.request));
    }

    @Test
    void halfAChunkAndThenSilenceIsATimeout() {
        LlmProvider hasty = provider(
                Map.of("requestTimeoutMillis", 300L, "firstTokenTimeoutMillis", 300L, "idleTimeoutMillis", 150L));
        String piece = answers().piece("lost");
        byte[] half = bytes(Integer.toHexString(piece.length()) + "\r\n" + piece.substring(0, piece.length() / 2));
        upstream.script(x -> {
            x.begin(200, JSON);
            x.raw(half);
            x.awaitDisconnect(LIMIT);
        });
        lab.timesOut(300, () -> hasty.chat(lab.request));
        upstream.script(x -> {
            x.begin(200, answers().streamType());
            x.raw(half);
            x.awaitDisconnect(LIMIT);
        });
        lab.timesOut(300, () -> Completion.of(hasty.streamChat(lab.request)));
        upstream.script(x -> {
            stream(x, answers().begin() + answers().piece("hi"));
            x.raw(half);
            x.awaitDisconnect(LIMIT);
        });
        lab.timesOut(150, () -> Completion.of(hasty.streamChat(lab.request)));
    }

    @Test
    void whatIsNoContentDoesNotCountAsTheFirstTokenNorAsAFurtherOne() {
        LlmProvider hasty = provider(Map.of("firstTokenTimeoutMillis", 300L, "idleTimeoutMillis", 150L));
        upstream.script(x -> {
            x.begin(200, answers().streamType());
            untilDisconnected(x, y -> y.chunk(answers().silence()));
        });
        lab.timesOut(300, () -> Completion.of(hasty.streamChat(lab.request)));
        upstream.script(x -> {
            stream(x, answers().begin() + answers().piece("hi"));
            untilDisconnected(x, y -> y.chunk(answers().silence()));
        });
        lab.timesOut(150, () -> Completion.of(hasty.streamChat(lab.request)));
    }

    @Test
    void aStreamOfSlowTokensIsNotCutByTheLimitForWholeAnswers() {
        LlmProvider hasty = provider(Map.of("requestTimeoutMillis", 100L, "idleTimeoutMillis", 10_000L));
        upstream.script(x -> {
            stream(x, answers().begin());
            for (int piece = 0; piece < 8 && !x.awaitDisconnect(Duration.ofMillis(40)); piece++) {
                x.chunk(answers().piece("hi"));
            }
            x.chunk(answers().finish() + answers().marker());
            x.end();
        });
        assertThat(Completion.of(hasty.streamChat(lab.request)).text()).isEqualTo("hi".repeat(8));
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
        assertThat(lab.whole(provider)).hasMessageContaining("" + MAX_ANSWER);
        upstream.script(x -> {
            x.begin(500, "text/plain");
            while (true) {
                x.chunk(much);
            }
        });
        assertThat(lab.streamed(provider).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        upstream.script(x -> {
            stream(x, answers().unfinished());
            while (true) {
                x.chunk(much);
            }
        });
        ForgeException e = lab.streamed(provider);
        assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(e).hasMessageContaining("of more than");
        assertServes();
    }

    @Test
    void aHugeEventIsReadWhole() {
        String huge = "0123456789abcdef".repeat(1 << 18);
        upstream.script(x -> {
            stream(x, answers().stream(huge));
            x.end();
        });
        assertThat(Completion.of(provider.streamChat(lab.request)).text()).isEqualTo(huge);
    }

    @Test
    void aStreamWithoutEndTakesNoMemoryAndEndsWhenItIsClosed() {
        String piece = answers().piece("0123456789abcdef".repeat(4096));
        AtomicInteger busy = new AtomicInteger();
        upstream.script(x -> {
            busy.incrementAndGet();
            try {
                stream(x, answers().begin());
                while (true) {
                    x.chunk(piece);
                }
            } finally {
                busy.decrementAndGet();
            }
        });
        long before = FaultLab.heap();
        try (CompletionStream stream = provider.streamChat(lab.request)) {
            for (int i = 0; i < 1000; i++) {
                stream.next();
            }
            FaultLab.awaitHeap(before, 16 << 20);
            assertThat(busy).hasValue(1);
        }
        await("the call ends upstream", () -> busy.get() == 0);
    }

    @Test
    void packedAnswersAreUnpacked() throws IOException {
        byte[] whole = packed(bytes(answers().whole("hi")));
        byte[] stream = packed(bytes(answers().stream("hi")));
        upstream.script(x -> x.answer(200, JSON, whole, "Content-Encoding: gzip"));
        assertThat(provider.chat(lab.request).text()).isEqualTo("hi");
        upstream.script(x -> x.answer(200, answers().streamType(), stream, "Content-Encoding: gzip"));
        assertThat(Completion.of(provider.streamChat(lab.request)).text()).isEqualTo("hi");
        upstream.script(x ->
                x.answer(429, JSON, packed(bytes(answers().error("slow down", "x"))), "Content-Encoding: gzip"));
        assertThat(lab.whole(provider)).hasMessage(name() + ": slow down");
        assertThat(lab.streamed(provider)).hasMessage(name() + ": slow down");
    }

    @Test
    void whatIsBadlyPackedIsAProtocolError() throws IOException {
        byte[] half = packed(bytes(answers().whole("hi")));
        half[half.length / 2] ^= 0x55;
        for (String encoding : List.of("gzip", "br", "nonsense")) {
            upstream.script(x -> x.answer(200, JSON, half, "Content-Encoding: " + encoding));
            assertThat(lab.whole(provider).code()).isEqualTo(ErrorCode.PROTOCOL);
            upstream.script(x -> x.answer(200, answers().streamType(), half, "Content-Encoding: " + encoding));
            assertThat(lab.streamed(provider).code()).isEqualTo(ErrorCode.PROTOCOL);
        }
        byte[] bomb = packed(new byte[50 * MAX_ANSWER]);
        assertThat(bomb.length).isLessThan(MAX_ANSWER / 8);
        upstream.script(x -> x.answer(200, JSON, bomb, "Content-Encoding: gzip"));
        assertThat(lab.whole(provider)).hasMessageContaining("" + MAX_ANSWER);
        assertServes();
    }

    private static byte[] packed(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }

    @Test
    void anErrorInAStreamEndsItWithTheVendorsWords() {
        upstream.script(x -> {
            stream(x, answers().begin() + answers().piece("hi") + answers().errorEvent("out of luck", "unlucky"));
            x.end();
        });
        assertThat(lab.streamed(provider)).hasMessage(name() + ": out of luck");
        assertThat(lab.text()).isEqualTo("hi");
    }

    @Test
    void aKeyThatTheUpstreamRepeatsIsTakenOut() {
        Assumptions.assumeTrue(takesKey(), "this provider has no key");
        String told = answers().error("Incorrect API key provided: " + KEY + ".", KEY);
        upstream.script(x -> x.answer(401, JSON, told, "x-request-id: r-1"));
        for (ForgeException e : lab.both(provider)) {
            assertThat(e).hasMessage(name() + ": Incorrect API key provided: ***.");
            assertThat(e.details().requestId()).isEqualTo("r-1");
        }
        upstream.script(x -> {
            stream(x, answers().begin() + answers().errorEvent("not " + KEY, KEY));
            x.end();
        });
        assertThat(lab.streamed(provider)).hasMessageContaining("***");
        List<Script> odd =
                List.of(x -> x.answer(200, KEY, KEY), x -> x.answer(200, JSON, "{}", "Content-Encoding: " + KEY));
        for (Script script : odd) {
            upstream.script(script);
            for (ForgeException e : lab.both(provider)) {
                assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL);
            }
        }
        upstream.script(x -> x.raw(bytes(KEY + " " + KEY + "\r\n\r\n")));
        for (ForgeException e : lab.both(provider)) {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        }
    }

    /** Memory that grows over days with failed calls would grow here by what they sent: 400 kB each. */
    @Test
    void failedCallsLeaveNoMemoryBehind() {
        ChatRequest large = ChatRequest.of("m", Message.user("x".repeat(400_000)));
        List<Script> faults = List.of(
                ScriptedExchange::reset,
                x -> x.answer(503, JSON, answers().error("down", "x")),
                x -> x.answer(200, "text/html", "<html>"),
                x -> {
                    stream(x, answers().begin() + answers().piece("hi"));
                    x.reset();
                },
                x -> {
                    stream(x, answers().begin() + answers().piece("hi"));
                    x.awaitDisconnect(LIMIT);
                });
        fail(large, faults);
        long before = FaultLab.heap();
        for (int round = 0; round < 20; round++) {
            fail(large, faults);
        }
        FaultLab.awaitHeap(before, 8 << 20);
        assertThat(upstream.open()).as("connections kept").isLessThanOrEqualTo(1);
    }

    private void fail(ChatRequest large, List<Script> faults) {
        for (Script fault : faults) {
            upstream.script(fault);
            lab.failure(() -> {
                try (CompletionStream stream = provider.streamChat(large)) {
                    while (stream.hasNext()) {
                        if (stream.next() instanceof CompletionEvent.TextDelta && fault == faults.getLast()) {
                            // The client goes away in the midst of the answer.
                            stream.close();
                        }
                    }
                }
            });
            upstream.requests().clear();
        }
    }
}
