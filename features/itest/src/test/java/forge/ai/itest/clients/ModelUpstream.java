package forge.ai.itest.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that speaks OpenAI's chats and behind which there is no model but {@link ScriptedModel}: it calls the tools
 * that it is offered, answers with what they gave, follows a schema, and fails when it is told to.
 */
final class ModelUpstream implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger brokenOff = new AtomicInteger();
    private final HttpServer server;

    ModelUpstream() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.setExecutor(threads);
        server.createContext("/v1/models", x -> answer(x, 200, "{\"object\":\"list\",\"data\":[{\"id\":\"m\"}]}"));
        server.createContext("/v1/embeddings", x -> answer(x, 200, vectors(MAPPER.readTree(x.getRequestBody()))));
        server.createContext("/v1/chat/completions", this::chat);
        server.createContext("/broken-off", x -> answer(x, 200, brokenOff.toString()));
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void chat(HttpExchange exchange) throws IOException {
        JsonNode request = MAPPER.readTree(exchange.getRequestBody());
        ScriptedModel.Answer answer = ScriptedModel.answer(request);
        if (answer.text().equals(ScriptedModel.FAILURE)) {
            answer(exchange, 500, "{\"error\":{\"message\":\"told to fail\",\"type\":\"server_error\"}}");
        } else if (request.path("stream").asBoolean()) {
            stream(exchange, answer);
        } else {
            answer(exchange, 200, whole(answer));
        }
    }

    private static String whole(ScriptedModel.Answer answer) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("id", "chatcmpl-1")
                .put("object", "chat.completion")
                .put("created", 1)
                .put("model", "m-1");
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("index", 0);
        ObjectNode message = choice.putObject("message");
        message.put("role", "assistant");
        if (answer.calls().isEmpty()) {
            message.put("content", answer.text());
        } else {
            message.putNull("content");
            message.set("tool_calls", calls(answer));
        }
        choice.put("finish_reason", answer.calls().isEmpty() ? "stop" : "tool_calls");
        usage(root);
        return root.toString();
    }

    private static JsonNode calls(ScriptedModel.Answer answer) {
        var calls = MAPPER.createArrayNode();
        for (ScriptedModel.Call one : answer.calls()) {
            ObjectNode call = calls.addObject();
            call.put("index", calls.size() - 1)
                    .put("id", "call_" + calls.size())
                    .put("type", "function");
            call.putObject("function").put("name", one.name()).put("arguments", one.arguments());
        }
        return calls;
    }

    private static void usage(ObjectNode root) {
        root.putObject("usage")
                .put("prompt_tokens", 7)
                .put("completion_tokens", 3)
                .put("total_tokens", 10);
    }

    private void stream(HttpExchange exchange, ScriptedModel.Answer answer) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            delta(out, MAPPER.createObjectNode().put("role", "assistant").put("content", ""), null);
            if (answer.calls().isEmpty()) {
                for (String word : answer.text().split("(?<= )")) {
                    delta(out, MAPPER.createObjectNode().put("content", word), null);
                }
                if (answer.text().equals(ScriptedModel.BREAK)) {
                    exchange.close();
                    return;
                }
                while (answer.endless()) {
                    delta(out, MAPPER.createObjectNode().put("content", "and "), null);
                }
            } else {
                delta(out, MAPPER.createObjectNode().set("tool_calls", calls(answer)), null);
            }
            delta(out, MAPPER.createObjectNode(), answer.calls().isEmpty() ? "stop" : "tool_calls");
            ObjectNode last = MAPPER.createObjectNode();
            last.put("id", "chatcmpl-1").putArray("choices");
            usage(last);
            event(out, last.toString());
            event(out, "[DONE]");
        } catch (IOException e) {
            brokenOff.incrementAndGet();
        }
    }

    private static void delta(OutputStream out, JsonNode delta, String finish) throws IOException {
        ObjectNode chunk = MAPPER.createObjectNode();
        chunk.put("id", "chatcmpl-1")
                .put("object", "chat.completion.chunk")
                .put("created", 1)
                .put("model", "m-1");
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", finish);
        choice.set("delta", delta);
        event(out, chunk.toString());
    }

    private static void event(OutputStream out, String data) throws IOException {
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String vectors(JsonNode request) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("object", "list").put("model", "m-1");
        var data = root.putArray("data");
        for (JsonNode text : request.path("input")) {
            ObjectNode one = data.addObject();
            one.put("object", "embedding").put("index", data.size() - 1);
            one.putArray("embedding").add(text.asText().length()).add(0.5);
        }
        root.putObject("usage").put("prompt_tokens", 2).put("total_tokens", 2);
        return root.toString();
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
