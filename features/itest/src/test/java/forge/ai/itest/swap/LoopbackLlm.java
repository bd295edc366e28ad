package forge.ai.itest.swap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** An upstream on the loopback address that speaks OpenAI's chat, whole and streamed, at the pace of a language model. */
final class LoopbackLlm implements AutoCloseable {

    static final String MODEL = "echo";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Long> lastOfCaller = new ConcurrentHashMap<>();
    private final AtomicLong repeated = new AtomicLong();
    private final Headers organizations = new Headers();

    LoopbackLlm() {
        // Otherwise each answer on a connection that is kept waits for the client's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/chat/completions", this::chat);
        server.setExecutor(threads);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /** The values seen of the header that a change of configuration changes. */
    Headers organizations() {
        return organizations;
    }

    /** Requests that came more than once. */
    long repeated() {
        return repeated.get();
    }

    private void chat(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("OpenAI-Organization"))
                    .ifPresent(organizations::seen);
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            String prompt = request.at("/messages/0/content").asText();
            note(Prompt.of(prompt));
            Reply reply = Reply.to(prompt);
            long pace = Reply.millisPerPiece(prompt);
            if (request.path("stream").asBoolean()) {
                stream(exchange, reply, pace);
            } else {
                whole(exchange, reply, pace);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(Prompt prompt) {
        Long before = lastOfCaller.put(prompt.caller(), prompt.number());
        if (before != null && before >= prompt.number()) {
            repeated.incrementAndGet();
        }
    }

    private static void whole(HttpExchange exchange, Reply reply, long pace) throws IOException, InterruptedException {
        Thread.sleep(pace * reply.pieces().size());
        byte[] body = JSON.writeValueAsBytes(Map.of(
                "id",
                "chatcmpl-1",
                "object",
                "chat.completion",
                "created",
                1,
                "model",
                MODEL,
                "choices",
                List.of(Map.of(
                        "index",
                        0,
                        "message",
                        Map.of("role", "assistant", "content", reply.text()),
                        "finish_reason",
                        "stop")),
                "usage",
                usage(reply)));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private static Map<String, Integer> usage(Reply reply) {
        int count = reply.pieces().size();
        return Map.of("prompt_tokens", 1, "completion_tokens", count, "total_tokens", count + 1);
    }

    private static void stream(HttpExchange exchange, Reply reply, long pace) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        for (String piece : reply.pieces()) {
            Thread.sleep(pace);
            event(out, chunk(Map.of("delta", Map.of("content", piece))));
        }
        event(out, chunk(Map.of("delta", Map.of(), "finish_reason", "stop")));
        event(out, "[DONE]");
    }

    private static String chunk(Map<String, ?> choice) throws IOException {
        Map<String, Object> numbered = new java.util.LinkedHashMap<>(choice);
        numbered.put("index", 0);
        return JSON.writeValueAsString(Map.of(
                "id",
                "chatcmpl-1",
                "object",
                "chat.completion.chunk",
                "created",
                1,
                "model",
                MODEL,
                "choices",
                List.of(numbered)));
    }

    private static void event(OutputStream out, String data) throws IOException {
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
