package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.runtime.support.json.Json;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's routes over a real connection, in front of the real LLM service. */
@Timeout(60)
class HttpServerIT {

    @TempDir
    private static Path folder;

    private static RunningServer server;
    private static final EchoProvider ECHO = new EchoProvider();

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder);
        server.provide("echo", ECHO);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void livesAndSaysWhatReadinessWaitsFor() throws Exception {
        JsonNode live = Json.read(server.get("/health/live").body());
        assertThat(live.path("instance").asText()).isEqualTo(server.context().getProperty("org.osgi.framework.uuid"));
        HttpResponse<String> ready = server.get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(Json.read(ready.body()).path("waitsFor").toString())
                .isEqualTo("[\"InferenceService\",\"ModelRegistry\",\"Deployments\"]");
    }

    @Test
    void answersAChat() throws Exception {
        HttpResponse<String> response = server.post("/v1/chat/completions", """
                {"model": "echo/m", "messages": [{"role": "user", "content": "grüß dich"}], "temperature": 0.5,
                 "max_tokens": 7, "stop": "x", "service_tier": "flex"}""");
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = Json.read(response.body());
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("grüß dich");
        assertThat(answer.at("/choices/0/message").has("refusal")).isTrue();
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(5);
        assertThat(ECHO.chat.options().maxTokens()).hasValue(7);
        assertThat(ECHO.chat.options().temperature()).hasValue(0.5);
        assertThat(ECHO.chat.options().stop()).containsExactly("x");
        assertThat(ECHO.chat.extensions()).containsEntry("service_tier", "\"flex\"");
    }

    @Test
    void streamsAChat() throws Exception {
        HttpResponse<String> response = server.post("/v1/chat/completions", """
                {"model": "echo/m", "messages": [{"role": "user", "content": "one two three"}], "stream": true,
                 "stream_options": {"include_usage": true}}""");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        List<String> events = List.of(response.body().split("\n\n"));
        assertThat(events).allMatch(e -> e.startsWith("data: "));
        assertThat(events.getLast()).isEqualTo("data: [DONE]");
        List<JsonNode> chunks = new java.util.ArrayList<>();
        for (String event : events.subList(0, events.size() - 1)) {
            chunks.add(Json.read(event.substring(6)));
        }
        assertThat(chunks.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(chunks)
                .extracting(c -> c.at("/choices/0/delta/content").asText())
                .containsSequence("one ", "two ", "three");
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
        assertThat(chunks.getLast().path("choices")).isEmpty();
        assertThat(chunks.getLast().at("/usage/prompt_tokens").asInt()).isEqualTo(3);
        assertThat(chunks)
                .extracting(c -> c.path("id").asText())
                .containsOnly(chunks.getFirst().path("id").asText());
        ECHO.closed.await();
    }

    @Test
    void continuesTexts() throws Exception {
        JsonNode answer = Json.read(server.post("/v1/completions", """
                {"model": "echo/m", "prompt": ["a", "b"], "max_tokens": 5}""").body());
        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("a!");
        assertThat(answer.at("/choices/1/text").asText()).isEqualTo("b!");
        assertThat(answer.at("/choices/1/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(6);
    }

    @Test
    void embedsAsFloatsAndAsBase64() throws Exception {
        JsonNode floats = Json.read(server.post("/v1/embeddings", """
                {"model": "echo/m", "input": ["four", "sixsix"]}""").body());
        assertThat(floats.at("/data/1/embedding").toString()).isEqualTo("[6.0,0.5]");
        JsonNode packed = Json.read(server.post("/v1/embeddings", """
                {"model": "echo/m", "input": "four", "encoding_format": "base64"}""").body());
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(packed.at("/data/0/embedding").asText()))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getFloat()).isEqualTo(4f);
        assertThat(bytes.getFloat()).isEqualTo(0.5f);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void listsModels() throws Exception {
        JsonNode list = Json.read(server.get("/v1/models").body());
        assertThat(list.at("/data/0/id").asText()).isEqualTo("echo/m");
        assertThat(Json.read(server.get("/v1/models/echo/m").body())
                        .path("object")
                        .asText())
                .isEqualTo("model");
        assertThat(Json.read(server.get("/v1/models/echo%2Fm").body())
                        .path("object")
                        .asText())
                .isEqualTo("model");
    }

    @Test
    void refusesInOpenAisWords() throws Exception {
        refused("{", 400, "invalid_request_error", null);
        refused("[1]", 400, "invalid_request_error", null);
        refused("{\"messages\": []}", 400, "invalid_request_error", "model");
        refused(
                "{\"model\": \"echo/m\", \"messages\": [{\"role\": \"user\"}]}",
                400,
                "invalid_request_error",
                "messages[0].content");
        refused(
                "{\"model\": \"echo/m\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}], \"n\": 2}",
                400,
                "invalid_request_error",
                "n");
        refused(
                "{\"model\": \"echo/m\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}], \"max_tokens\": 1e999}",
                400,
                "invalid_request_error",
                "max_tokens");
        refused(
                "{\"model\": \"none/m\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}",
                404,
                "invalid_request_error",
                null);
        refused(
                "{\"model\": \"none/m\", \"stream\": true, \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}",
                404,
                "invalid_request_error",
                null);
        refused("{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}", 400, "invalid_request_error", null);
        refused("{\"a\":\"" + "x".repeat(17 << 20) + "\"}", 413, "invalid_request_error", null);
        assertThat(server.get("/v1/chat/completions").statusCode()).isEqualTo(405);
        assertThat(server.get("/v1/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesManySmallValues() throws Exception {
        String body = "{\"a\":[" + "[],".repeat(600_000) + "1]}";
        assertThat(server.post("/v1/embeddings", body).body()).contains("out of limits");
    }

    private static void refused(String body, int status, String type, String parameter) throws Exception {
        HttpResponse<String> response = server.post("/v1/chat/completions", body);
        JsonNode error = Json.read(response.body()).path("error");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(error.path("type").asText()).isEqualTo(type);
        assertThat(error.path("param").textValue()).isEqualTo(parameter);
        assertThat(error.path("message").asText()).isNotEmpty();
        assertThat(error.has("code")).isTrue();
    }
}
