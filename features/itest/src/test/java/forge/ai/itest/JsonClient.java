package forge.ai.itest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Sends and reads JSON over HTTP. */
public final class JsonClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI base;

    public JsonClient(URI base) {
        this.base = base;
    }

    /** What came back. */
    public record Answer(int status, JsonNode body) {}

    public Answer get(String path) {
        return json(send(HttpRequest.newBuilder(base.resolve(path)).build()));
    }

    public Answer post(String path, Map<String, ?> body) {
        return json(send(request(path, body)));
    }

    /** What a model says to one message. */
    public String chat(String model, String text) {
        Answer answer = post(
                "/v1/chat/completions",
                Map.of("model", model, "messages", List.of(Map.of("role", "user", "content", text))));
        if (answer.status() != 200) {
            throw new AssertionError(answer.toString());
        }
        return answer.body().at("/choices/0/message/content").textValue();
    }

    /** The payloads of the server-sent events, without the last that says {@code [DONE]}, which must be there. */
    public List<JsonNode> stream(String path, Map<String, ?> body) {
        HttpResponse<String> response = send(request(path, body));
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        List<String> events = response.body()
                .lines()
                .filter(l -> l.startsWith("data: "))
                .map(l -> l.substring("data: ".length()))
                .toList();
        if (events.isEmpty() || !events.getLast().equals("[DONE]")) {
            throw new AssertionError("the stream is truncated: " + response.body());
        }
        return events.subList(0, events.size() - 1).stream()
                .map(JsonClient::parse)
                .toList();
    }

    private HttpRequest request(String path, Map<String, ?> body) {
        try {
            return HttpRequest.newBuilder(base.resolve(path))
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(60))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Answer json(HttpResponse<String> response) {
        return new Answer(response.statusCode(), parse(response.body()));
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
