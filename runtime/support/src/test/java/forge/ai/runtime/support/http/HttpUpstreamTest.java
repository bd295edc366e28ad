package forge.ai.runtime.support.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpUpstreamTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(150);

    private final ScriptedUpstream server = new ScriptedUpstream();
    private final HttpUpstream upstream = new HttpUpstream(Duration.ofMillis(200), 100_000);
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void close() {
        over.countDown();
        upstream.close();
        server.close();
    }

    private Endpoint endpoint() {
        return new Endpoint(
                "test",
                server.uri().toString(),
                Map.of("Authorization", "Bearer topsecret"),
                new TimeLimits(Duration.ofSeconds(5), LONG, LONG, LONG),
                Secrets.of("topsecret"));
    }

    private HttpAnswer call(Duration limit) {
        return upstream.call(endpoint(), UpstreamRequest.post("/x", new byte[] {'{', '}'}), limit);
    }

    private HttpStream stream() {
        return upstream.stream(endpoint(), UpstreamRequest.post("/x", new byte[] {'{', '}'}));
    }

    private static ForgeException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(ForgeException.class, call);
    }

    @Test
    void oneConnectionServesCallAfterCall() {
        server.script(x -> x.answer(200, "application/json", x.method() + x.header("Authorization")));
        for (int i = 0; i < 5; i++) {
            assertThat(call(LONG).body()).asString(StandardCharsets.UTF_8).isEqualTo("POSTBearer topsecret");
        }
        assertThat(server.accepted()).isEqualTo(1);
        assertThat(upstream.active()).isZero();
    }

    @Test
    void unpacksGzip() {
        server.script(x -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                gzip.write("packed".getBytes(StandardCharsets.UTF_8));
            }
            x.answer(200, "application/json", bytes.toByteArray(), "Content-Encoding: gzip");
        });
        assertThat(call(LONG).body()).asString(StandardCharsets.UTF_8).isEqualTo("packed");
    }

    @Test
    void refusesAnAnswerThatIsTooLarge() {
        server.script(x -> x.answer(200, "application/json", new byte[200_000]));
        assertThat(failure(() -> call(LONG)).code()).isEqualTo(ErrorCode.PROTOCOL);
    }

    @Test
    void anAnswerThatDoesNotComeIsATimeout() {
        server.script(x -> over.await());
        ForgeException error = failure(() -> call(SHORT));
        assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(error.details().provider()).isEqualTo("test");
    }

    @Test
    void aResetIsUnavailableAndNothingIsSentTwice() {
        server.script(x -> x.reset());
        assertThat(failure(() -> call(LONG)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aHalfAnswerIsAProtocolError() {
        server.script(x -> {
            x.begin(200, "application/json");
            x.chunk("{");
            x.reset();
        });
        assertThat(failure(() -> call(LONG)).code()).isEqualTo(ErrorCode.PROTOCOL);
    }

    @Test
    void anInterruptedCallerIsFreeAtOnceAndTheUpstreamKnows() throws Exception {
        BlockingQueue<Object> seen = new ArrayBlockingQueue<>(3);
        server.script(x -> {
            seen.add("request");
            seen.add(x.awaitDisconnect(LONG));
        });
        Thread caller = Thread.ofPlatform()
                .start(() -> seen.add(failure(() -> call(LONG)).code()));
        assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("request");
        caller.interrupt();
        assertThat(java.util.Set.of(seen.poll(10, TimeUnit.SECONDS), seen.poll(10, TimeUnit.SECONDS)))
                .isEqualTo(java.util.Set.of(ErrorCode.CANCELLED, true));
    }

    @Test
    void closingAStreamReachesTheUpstreamWithinATenthOfASecond() throws Exception {
        BlockingQueue<Long> gone = new ArrayBlockingQueue<>(1);
        server.script(x -> {
            x.begin(200, "text/event-stream");
            x.chunk("a");
            x.awaitDisconnect(LONG);
            gone.add(System.nanoTime());
        });
        HttpStream stream = stream();
        stream.awaitHead(LONG);
        assertThat(stream.read(new byte[10])).isEqualTo(1);
        long closing = System.nanoTime();
        stream.close();
        Long seen = gone.poll(10, TimeUnit.SECONDS);
        assertThat(seen).isNotNull();
        assertThat(Duration.ofNanos(seen - closing)).isLessThan(Duration.ofMillis(100));
        assertThat(upstream.active()).isZero();
        assertThat(failure(() -> stream.read(new byte[1])).code()).isEqualTo(ErrorCode.CANCELLED);
    }

    @Test
    void closingFromElsewhereFreesAReaderThatWaits() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        server.script(x -> {
            begun.countDown();
            over.await();
        });
        HttpStream stream = stream();
        BlockingQueue<ErrorCode> seen = new ArrayBlockingQueue<>(1);
        Thread.ofVirtual()
                .start(() -> seen.add(failure(() -> stream.awaitHead(LONG)).code()));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        stream.close();
        assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.CANCELLED);
    }

    @Test
    void silenceOnAStreamIsATimeout() {
        server.script(x -> {
            x.begin(200, "text/event-stream");
            x.chunk("a");
            over.await();
        });
        try (HttpStream stream = stream()) {
            stream.awaitHead(LONG);
            stream.limit(SHORT);
            assertThat(stream.read(new byte[10])).isEqualTo(1);
            assertThat(failure(() -> stream.read(new byte[10])).code()).isEqualTo(ErrorCode.TIMEOUT);
        }
    }

    @Test
    void aStreamReadToItsEndGivesItsConnectionBack() {
        server.script(x -> {
            x.begin(200, "text/event-stream");
            x.chunk("a");
            x.end();
        });
        for (int i = 0; i < 5; i++) {
            try (HttpStream stream = stream()) {
                stream.awaitHead(LONG);
                assertThat(stream.read(new byte[10])).isEqualTo(1);
                stream.finish();
            }
        }
        assertThat(server.accepted()).isEqualTo(1);
    }

    @Test
    void anErrorKeepsTheVendorsWordsButNoKey() {
        server.script(x -> x.answer(
                429,
                "application/json",
                "{\"error\":{\"message\":\"slow down, Bearer topsecret\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}",
                "Retry-After: 3",
                "x-request-id: req_1"));
        try (HttpStream stream = stream()) {
            ForgeException error = failure(() -> stream.awaitHead(LONG));
            assertThat(error.code()).isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(error.retryAfter()).contains(Duration.ofSeconds(3));
            assertThat(error.details().requestId()).isEqualTo("req_1");
            assertThat(error.details().vendorCode()).isEqualTo("rate_limit_exceeded");
            assertThat(error).hasMessageContaining("slow down").hasMessageNotContaining("topsecret");
        }
    }

    @Test
    void closingEndsWhatIsLeftAfterTheLimit() {
        server.script(x -> over.await());
        HttpStream stream = stream();
        upstream.close();
        assertThat(failure(() -> stream.awaitHead(LONG)).code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.CANCELLED);
        assertThat(failure(() -> call(LONG)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        stream.close();
        assertThat(upstream.connections()).isZero();
    }

    @Test
    void closingEndsAStreamWhoseAnswerHasBegun() throws Exception {
        BlockingQueue<Boolean> gone = new ArrayBlockingQueue<>(1);
        server.script(x -> {
            x.begin(200, "text/event-stream");
            x.chunk("a");
            gone.add(x.awaitDisconnect(LONG));
        });
        HttpStream stream = stream();
        stream.awaitHead(LONG);
        assertThat(stream.read(new byte[10])).isEqualTo(1);

        upstream.close();

        assertThat(failure(() -> stream.read(new byte[10])).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(gone.poll(10, TimeUnit.SECONDS)).isTrue();
        stream.close();
        assertThat(upstream.connections()).isZero();
    }
}
