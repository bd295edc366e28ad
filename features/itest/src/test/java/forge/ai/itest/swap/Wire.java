package forge.ai.itest.swap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The connection of callers to the runtime; it repeats nothing and forgives nothing. */
final class Wire implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String DATA = "data: ";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;

    Wire(URI base) {
        this.base = base;
    }

    /** Asks for a whole answer. */
    JsonNode ask(String path, Map<String, ?> body) throws IOException, InterruptedException, WrongAnswer {
        return JSON.readTree(send(path, body));
    }

    /** Asks for a stream; gives its events without the last, which has to say that it is the last. */
    List<JsonNode> stream(String path, Map<String, ?> body) throws IOException, InterruptedException, WrongAnswer {
        String text = send(path, body);
        List<String> data = text.lines()
                .filter(l -> l.startsWith(DATA))
                .map(l -> l.substring(DATA.length()))
                .toList();
        WrongAnswer.unless(!data.isEmpty() && data.getLast().equals("[DONE]"), "a stream without its end", text);
        List<JsonNode> events = new ArrayList<>();
        for (String each : data.subList(0, data.size() - 1)) {
            events.add(JSON.readTree(each));
        }
        return events;
    }

    private String send(String path, Map<String, ?> body) throws IOException, InterruptedException, WrongAnswer {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .timeout(LIMIT)
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        WrongAnswer.unless(response.statusCode() == 200, "status " + response.statusCode(), response.body());
        return response.body();
    }

    /** The status of a page. */
    int status(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT).build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Override
    public void close() {
        client.close();
    }
}
