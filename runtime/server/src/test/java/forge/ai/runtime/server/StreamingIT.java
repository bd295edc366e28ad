package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ContextLengthException;
import forge.ai.api.UnavailableException;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** What happens to answers that take their time: silence, clients that leave or do not read, a server that stops. */
@Timeout(60)
class StreamingIT {

    private static final String STREAM = """
            {"model": "p/m", "messages": [{"role": "user", "content": "x"}], "stream": true}""";
    private static final String WHOLE = """
            {"model": "p/m", "messages": [{"role": "user", "content": "x"}]}""";

    @TempDir
    private Path folder;

    private final SteeredProvider provider = new SteeredProvider();
    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer(folder, Map.of("keepAliveSeconds", 1, "drainSeconds", 2, "idleSeconds", 2));
        server.provide("p", provider);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void eventsLeaveAtOnce() throws Exception {
        try (BufferedReader lines = open(STREAM)) {
            provider.start();
            provider.say("one");
            assertThat(event(lines).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
            assertThat(event(lines).at("/choices/0/delta/content").asText()).isEqualTo("one");
            provider.say("two");
            assertThat(event(lines).at("/choices/0/delta/content").asText()).isEqualTo("two");
            provider.finish();
            assertThat(event(lines).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        }
    }

    @Test
    void whatFailsBeforeTheFirstPieceHasAStatus() throws Exception {
        provider.start();
        provider.fail(new ContextLengthException("too long"));
        HttpResponse<String> response = server.post("/v1/chat/completions", STREAM);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Json.read(response.body()).at("/error/code").asText()).isEqualTo("context_length_exceeded");
    }

    @Test
    void whatFailsLaterIsAnEvent() throws Exception {
        try (BufferedReader lines = open(STREAM)) {
            provider.start();
            provider.say("one");
            event(lines);
            event(lines);
            provider.fail(new UnavailableException("the upstream left"));
            JsonNode error = event(lines).path("error");
            assertThat(error.path("message").asText()).contains("the upstream left");
            assertThat(error.path("type").asText()).isEqualTo("server_error");
            assertThat(error.path("code").asText()).isEqualTo("unavailable");
            assertThat(lines.lines().anyMatch(l -> l.contains("[DONE]"))).isFalse();
        }
    }

    @Test
    void silenceIsBrokenByComments() throws Exception {
        try (BufferedReader lines = open(STREAM)) {
            assertThat(lines.readLine()).isEqualTo(": keep-alive");
            provider.start();
            provider.say("late");
            assertThat(event(lines).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
            assertThat(event(lines).at("/choices/0/delta/content").asText()).isEqualTo("late");
            provider.finish();
        }
    }

    @Test
    void aClientThatLeavesEndsTheCallUpstream() throws Exception {
        try (Socket socket = server.connect()) {
            send(socket, STREAM);
            provider.asked.await();
            provider.start();
            provider.say("one");
            socket.getInputStream().read();
        }
        assertThat(provider.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatLeavesBeforeItsAnswerEndsTheCallUpstream() throws Exception {
        try (Socket socket = server.connect()) {
            send(socket, WHOLE);
            provider.asked.await();
        }
        assertThat(provider.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void requestsSentAheadOfAnAnswerAreAnsweredInTurn() throws Exception {
        try (Socket socket = server.connect()) {
            send(socket, WHOLE);
            provider.asked.await();
            send(socket, WHOLE);
            // Long enough for the server to look whether the client is still there.
            assertThat(provider.closed.await(300, TimeUnit.MILLISECONDS)).isFalse();
            send(socket, WHOLE);
            for (String text : List.of("first", "second", "third")) {
                provider.start();
                provider.say(text);
                provider.finish();
            }
            InputStream in = socket.getInputStream();
            StringBuilder answers = new StringBuilder();
            while (!answers.toString().contains("third")) {
                int next = in.read();
                assertThat(next).as("after %s", answers).isNotNegative();
                answers.append((char) next);
            }
            assertThat(answers.toString().split("HTTP/1.1 200")).hasSize(4);
            assertThat(answers.toString()).containsSubsequence("first", "second", "third");
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsTheUpstreamBackAndIsCutOff() throws Exception {
        try (Socket socket = server.connect()) {
            socket.setReceiveBufferSize(4096);
            send(socket, STREAM);
            provider.asked.await();
            provider.start();
            String text = "x".repeat(64 << 10);
            int all = 2000;
            for (int i = 0; i < all; i++) {
                provider.say(text);
            }
            // Cut off by idleSeconds; until then only what the sockets and the stream's small buffers hold was taken.
            assertThat(provider.closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(provider.taken.get()).isLessThan(all / 2);
        }
    }

    /** All the way: the provider for OpenAI, its connection and a server behind it that would never stop. */
    @Test
    void whatAClientDoesNotReadIsNotTakenFromTheUpstream() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch cut = new CountDownLatch(1);
        String chunk =
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + "x".repeat(16 << 10) + "\"}}]}\n\n";
        try (ScriptedUpstream upstream = new ScriptedUpstream()) {
            upstream.script(x -> {
                if (x.method().equals("GET")) {
                    x.answer(200, "application/json", "{\"data\":[]}");
                    return;
                }
                x.begin(200, "text/event-stream");
                try {
                    while (true) {
                        x.chunk(chunk);
                        written.addAndGet(chunk.length());
                    }
                } catch (IOException e) {
                    cut.countDown();
                    throw e;
                }
            });
            server.provideOpenAi("up", upstream.uri());
            try (Socket socket = server.connect()) {
                socket.setReceiveBufferSize(4096);
                send(socket, STREAM.replace("p/m", "up/m"));
                // Cut off by idleSeconds; until then the sockets on the way have filled up, and little else.
                assertThat(cut.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(written.get()).isLessThan(32 << 20);
            }
        }
    }

    @Test
    void aSlowAnswerOutlivesTheIdleLimit() throws Exception {
        Thread.ofVirtual().start(() -> {
            try {
                provider.asked.await();
                // Twice the limit of an idle connection.
                assertThat(provider.closed.await(4, TimeUnit.SECONDS)).isFalse();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            provider.start();
            provider.say("late");
            provider.finish();
        });
        HttpResponse<String> response = server.post("/v1/chat/completions", WHOLE);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("late");
    }

    @Test
    void callsInFlightAreThroughBeforeTheFrameworkStops() throws Exception {
        Bundle bundle = bundle();
        try (BufferedReader lines = open(STREAM)) {
            provider.start();
            provider.say("one");
            event(lines);
            event(lines);
            Thread stopping = stopFramework();
            await(() -> status().equals("stopping"));
            assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
            assertThat(server.get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(server.post("/v1/chat/completions", WHOLE).statusCode()).isEqualTo(503);
            provider.say("two");
            provider.finish();
            assertThat(event(lines).at("/choices/0/delta/content").asText()).isEqualTo("two");
            assertThat(event(lines).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
            assertThat(lines.lines().filter(l -> l.equals("data: [DONE]"))).hasSize(1);
            stopping.join();
        }
    }

    @Test
    void callsThatDoNotEndAreToldThatTheServerStops() throws Exception {
        try (BufferedReader lines = open(STREAM)) {
            provider.start();
            provider.say("one");
            event(lines);
            event(lines);
            Thread stopping = stopFramework();
            JsonNode error = event(lines).path("error");
            assertThat(error.path("message").asText()).contains("server stops");
            assertThat(provider.closed.await(5, TimeUnit.SECONDS)).isTrue();
            stopping.join();
        }
    }

    private Thread stopFramework() {
        return Thread.ofVirtual().start(() -> {
            try {
                server.framework().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private String status() throws Exception {
        return Json.read(server.get("/health").body()).path("status").asText();
    }

    private Bundle bundle() {
        return Stream.of(server.context().getBundles())
                .filter(b -> "forge.ai.runtime.llm".equals(b.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static void send(Socket socket, String body) throws Exception {
        String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    }

    private BufferedReader open(String body) throws Exception {
        HttpResponse<InputStream> response = server.http
                .sendAsync(server.request("/v1/chat/completions", body), HttpResponse.BodyHandlers.ofInputStream())
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The next event, comments and blank lines left out. */
    private static JsonNode event(BufferedReader lines) throws Exception {
        String line = lines.readLine();
        while (line != null && !line.startsWith("data: ")) {
            line = lines.readLine();
        }
        assertThat(line).isNotNull();
        return Json.read(line.substring(6));
    }
}
