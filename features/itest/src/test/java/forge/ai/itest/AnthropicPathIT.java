package forge.ai.itest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a client's request through dialect, service and provider to an upstream that speaks as Anthropic does, and back. */
class AnthropicPathIT {

    private static final String MODEL = "claude-haiku-4-5";
    private static final String ANSWER =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + MODEL
                    + "\",\"content\":[{\"type\":\"text\",\"text\":\"Hello\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":"
                    + "null, \"something_new\":{\"a\":1.50},\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":5,"
                    + "\"cache_creation_input_tokens\":0,\"output_tokens\":3}}";
    private static final String STREAM = event("message_start", "\"message\":" + ANSWER.replace("\"end_turn\"", "null"))
            + event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
            + event("ping", "\"x\":1")
            + event("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}")
            + event("content_block_stop", "\"index\":0")
            + event("something_new", "\"x\":1")
            + event("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}")
            + event("message_stop", "\"x\":1");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
    private final Queue<String> versions = new ConcurrentLinkedQueue<>();

    private static String event(String type, String fields) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean stream = body.contains("\"stream\":true");
            if (exchange.getRequestMethod().equals("POST")) {
                bodies.add(body);
                versions.add(exchange.getRequestHeaders().getFirst("anthropic-version"));
            }
            String text = stream ? STREAM : ANSWER;
            if (exchange.getRequestMethod().equals("GET")) {
                text = "{\"data\":[{\"id\":\"" + MODEL + "\"}],\"has_more\":false}";
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", stream ? "text/event-stream" : "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private String post(URI base, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .header("anthropic-version", "2023-06-01")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    @Test
    void whatComesInAnthropicsDialectGoesAndReturnsAsItIsAndOtherDialectsAreTranslated(@TempDir Path home)
            throws Exception {
        HttpServer upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext("/", this::answer);
        upstream.start();
        Path conf = Files.createDirectories(home.resolve("conf"));
        Files.writeString(
                conf.resolve("forge.ai.provider.anthropic~main.cfg.json"),
                "{\"name\":\"vendor\",\"baseUrl\":\"http://127.0.0.1:"
                        + upstream.getAddress().getPort() + "\",\"apiKey\":\"k\",\"apiVersion\":\"2026-10-21\"}");
        try (ForgeProcess forge = ForgeProcess.start(home)) {
            String rest = "\"max_tokens\":9,\"something_new\":{\"q\":[1.50]},\"messages\":[{\"role\":\"user\","
                    + "\"content\":\"hi\"}]";
            String whole = post(
                    forge.http(),
                    "/v1/messages",
                    "{\"model\":\"vendor/" + MODEL + "\",\"temperature\":0.5," + rest + "}");
            String stream = post(
                    forge.http(), "/v1/messages", "{\"model\":\"vendor/" + MODEL + "\",\"stream\":true," + rest + "}");
            String translated = post(
                    forge.http(),
                    "/v1/chat/completions",
                    "{\"model\":\"vendor/" + MODEL + "\",\"temperature\":0.5,\"messages\":[{\"role\":\"user\","
                            + "\"content\":\"hi\"}]}");

            assertThat(whole).isEqualTo(ANSWER);
            assertThat(stream).isEqualTo(STREAM);
            assertThat(translated).contains("\"content\":\"Hello\"").contains("\"prompt_tokens\":15");
            assertThat(bodies)
                    .containsExactly(
                            "{\"model\":\"" + MODEL + "\"," + rest + "}",
                            "{\"model\":\"" + MODEL + "\"," + rest + ",\"stream\":true}",
                            "{\"model\":\"" + MODEL + "\",\"max_tokens\":8192,\"messages\":[{\"role\":\"user\","
                                    + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}]}");
            assertThat(versions).hasSize(3).containsOnly("2026-10-21");
            assertThat(forge.log())
                    .contains("left out of requests: temperature")
                    .doesNotContain("hi\"");
        } finally {
            upstream.stop(0);
        }
    }
}
