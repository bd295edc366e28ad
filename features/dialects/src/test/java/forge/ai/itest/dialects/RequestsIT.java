package forge.ai.itest.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A request in each dialect, as it arrives at the upstream of each provider. */
@Timeout(60)
class RequestsIT {

    private static final String PNG = "iVBORw0KGgoAAAA=";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, String> ANSWERS = Map.of(
            "openai",
            "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}",
            "anthropic",
            "{\"type\":\"message\",\"id\":\"i\",\"model\":\"m\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"ok\"}],"
                    + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}",
            "ollama",
            "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"ok\"},\"done\":true,\"done_reason\":\"stop\"}");

    /** A picture, a tool turn with two calls, thoughts, a schema, options; what only some can say apart. */
    private static final String ANTHROPIC = """
            {"model": "%s/m", "max_tokens": 50, "temperature": 0.5, "stop_sequences": ["END"],
             "metadata": {"user_id": "u"},
             "system": [{"type": "text", "text": "be short", "cache_control": {"type": "ephemeral"}}],
             "tools": [{"name": "t", "description": "d", "input_schema": {"type": "object"}}],
             "tool_choice": {"type": "auto"},
             "output_config": {"format": {"type": "json_schema", "schema": {"type": "object", "title": "s"}}},
             "messages": [
               {"role": "user", "content": [{"type": "text", "text": "look"},
                 {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "PNG"}}]},
               {"role": "assistant", "content": [
                 {"type": "thinking", "thinking": "hm", "signature": "sig"},
                 {"type": "text", "text": "so"},
                 {"type": "tool_use", "id": "c1", "name": "t", "input": {"a": 1}},
                 {"type": "tool_use", "id": "c2", "name": "t", "input": {"a": 2}}]},
               {"role": "user", "content": [
                 {"type": "tool_result", "tool_use_id": "c1", "content": "one"},
                 {"type": "tool_result", "tool_use_id": "c2", "content": "two",
                  "cache_control": {"type": "ephemeral"}},
                 {"type": "text", "text": "go on"}]}]}""".replace("PNG", PNG);

    private static final String OPENAI = """
            {"model": "%s/m", "max_completion_tokens": 50, "temperature": 0.5, "stop": ["END"], "user": "u",
             "tools": [{"type": "function", "function": {"name": "t", "description": "d",
                        "parameters": {"type": "object"}}}],
             "response_format": {"type": "json_schema", "json_schema": {"name": "x",
                        "schema": {"type": "object", "title": "s"}, "strict": true}},
             "messages": [
               {"role": "system", "content": "be short"},
               {"role": "user", "content": [{"type": "text", "text": "look"},
                 {"type": "image_url", "image_url": {"url": "data:image/png;base64,PNG"}}]},
               {"role": "assistant", "content": "so", "reasoning_content": "hm", "tool_calls": [
                 {"id": "c1", "type": "function", "function": {"name": "t", "arguments": "{\\"a\\":1}"}},
                 {"id": "c2", "type": "function", "function": {"name": "t", "arguments": "{\\"a\\":2}"}}]},
               {"role": "tool", "tool_call_id": "c1", "content": "one"},
               {"role": "tool", "tool_call_id": "c2", "content": "two"},
               {"role": "user", "content": "go on"}]}""".replace("PNG", PNG);

    private static final String OLLAMA = """
            {"model": "%s/m", "stream": false, "format": {"type": "object", "title": "s"},
             "options": {"num_predict": 50, "temperature": 0.5, "stop": ["END"], "num_ctx": 4096},
             "tools": [{"type": "function", "function": {"name": "t", "description": "d",
                        "parameters": {"type": "object"}}}],
             "messages": [
               {"role": "system", "content": "be short"},
               {"role": "user", "content": "look", "images": ["PNG"]},
               {"role": "assistant", "content": "so", "thinking": "hm", "tool_calls": [
                 {"id": "c1", "function": {"name": "t", "arguments": {"a": 1}}},
                 {"id": "c2", "function": {"name": "t", "arguments": {"a": 2}}}]},
               {"role": "tool", "tool_name": "t", "content": "one"},
               {"role": "tool", "tool_name": "t", "content": "two"},
               {"role": "user", "content": "go on"}]}""".replace("PNG", PNG);

    @TempDir
    private static Path folder;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Crossing crossing;

    @BeforeAll
    static void start() throws Exception {
        crossing = new Crossing(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        HTTP.close();
        crossing.close();
    }

    private static HttpResponse<String> send(String path, String json, String vendor) throws Exception {
        crossing.answer(200, "application/json", ANSWERS.get(vendor).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(crossing.address().resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(json.formatted(vendor)))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The body that arrived at the upstream. */
    private static JsonNode arrived(String path, String json, String vendor) throws Exception {
        HttpResponse<String> response = send(path, json, vendor);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(crossing.upstream.requests().stream()
                .filter(x -> x.method().equals("POST"))
                .reduce((first, second) -> second)
                .orElseThrow()
                .body());
    }

    @Test
    void anthropicReachesOpenAi() throws Exception {
        assertOpenAi(arrived("/v1/messages", ANTHROPIC, "openai"), true);
    }

    @Test
    void ollamaReachesOpenAi() throws Exception {
        assertOpenAi(arrived("/api/chat", OLLAMA, "openai"), false);
    }

    private static void assertOpenAi(JsonNode sent, boolean user) {
        assertThat(sent.path("max_tokens").asInt()).isEqualTo(50);
        assertThat(sent.path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(sent.path("stop").toString()).isEqualTo("[\"END\"]");
        assertThat(sent.path("user").asText()).isEqualTo(user ? "u" : "");
        assertThat(sent.at("/response_format/json_schema/schema/title").asText())
                .isEqualTo("s");
        assertThat(sent.at("/tools/0/function/name").asText()).isEqualTo("t");
        JsonNode messages = sent.path("messages");
        assertThat(messages).hasSize(6);
        assertThat(messages.at("/0/content").asText()).isEqualTo("be short");
        assertThat(messages.at("/1/content/1/image_url/url").asText()).isEqualTo("data:image/png;base64," + PNG);
        assertThat(messages.at("/2/content").asText()).isEqualTo("so");
        assertThat(messages.at("/2/tool_calls/1/id").asText()).isEqualTo("c2");
        assertThat(messages.at("/2/tool_calls/1/function/arguments").asText()).isEqualTo("{\"a\":2}");
        assertThat(messages.at("/3/tool_call_id").asText()).isEqualTo("c1");
        assertThat(messages.at("/4/content").asText()).isEqualTo("two");
        assertThat(messages.at("/5/content").asText()).isEqualTo("go on");
        assertThat(sent.toString()).doesNotContain("cache_control").doesNotContain("anthropic:", "ollama:", "num_ctx");
    }

    @Test
    void openAiReachesAnthropic() throws Exception {
        JsonNode sent = arrived("/v1/chat/completions", OPENAI, "anthropic");
        assertAnthropic(sent);
        assertThat(sent.at("/metadata/user_id").asText()).isEqualTo("u");
    }

    @Test
    void ollamaReachesAnthropic() throws Exception {
        assertAnthropic(arrived("/api/chat", OLLAMA, "anthropic"));
    }

    private static void assertAnthropic(JsonNode sent) {
        assertThat(sent.path("max_tokens").asInt()).isEqualTo(50);
        assertThat(sent.path("stop_sequences").toString()).isEqualTo("[\"END\"]");
        assertThat(sent.path("system").toString()).contains("be short");
        assertThat(sent.toString()).contains("\"title\":\"s\"");
        assertThat(sent.path("tools").findValuesAsText("name")).contains("t");
        JsonNode messages = sent.path("messages");
        assertThat(messages).hasSize(3);
        assertThat(messages.at("/0/content/1/source/media_type").asText()).isEqualTo("image/png");
        assertThat(messages.at("/0/content/1/source/data").asText()).isEqualTo(PNG);
        assertThat(messages.at("/1/content").findValuesAsText("id")).containsExactly("c1", "c2");
        assertThat(messages.at("/1/content").toString())
                .contains("\"input\":{\"a\":2}")
                .contains("so");
        assertThat(messages.at("/2/content/0/tool_use_id").asText()).isEqualTo("c1");
        assertThat(messages.at("/2/content/1/tool_use_id").asText()).isEqualTo("c2");
        assertThat(messages.at("/2/content/2/text").asText()).isEqualTo("go on");
        // Anthropic takes no thoughts but its own, which have a proof.
        assertThat(sent.toString()).doesNotContain("\"thinking\":\"hm\"").doesNotContain("num_ctx", "ollama:");
    }

    /** A thought goes out and, with the next turn, back to its vendor, which would refuse one that has changed. */
    @Test
    void aThoughtOfAnthropicSurvivesAToolTurnOfAnOpenAiClient() throws Exception {
        String answer = """
                {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "stop_reason": "tool_use",
                 "content": [{"type": "thinking", "thinking": "hm", "signature": "sig=="},
                             {"type": "redacted_thinking", "data": "xyz"},
                             {"type": "tool_use", "id": "c1", "name": "t", "input": {"a": 1}}],
                 "usage": {"input_tokens": 1, "output_tokens": 1}}""";
        crossing.answer(200, "application/json", answer.getBytes(StandardCharsets.UTF_8));
        String ask = """
                {"model": "anthropic/m", "reasoning_effort": "low", "messages": [{"role": "user", "content": "x"}]}""";
        ObjectNode request = (ObjectNode) JSON.readTree(ask);
        HttpRequest first = HttpRequest.newBuilder(crossing.address().resolve("/v1/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(ask))
                .build();
        JsonNode message = JSON.readTree(
                        HTTP.send(first, HttpResponse.BodyHandlers.ofString()).body())
                .at("/choices/0/message");
        assertThat(message.path("reasoning_content").asText()).isEqualTo("hm");

        request.withArray("messages").add(message);
        request.withArray("messages")
                .addObject()
                .put("role", "tool")
                .put("tool_call_id", "c1")
                .put("content", "one");
        JsonNode sent = arrived("/v1/chat/completions", request.toString(), "anthropic");
        assertThat(sent.at("/messages/1/content"))
                .isEqualTo(JSON.readTree(answer).path("content"));
    }

    @Test
    void ollamaReachesItsOwnKind() throws Exception {
        JsonNode sent = arrived("/api/chat", OLLAMA, "ollama");
        ObjectNode asked = (ObjectNode) JSON.readTree(OLLAMA.formatted("ollama"));
        asked.put("model", "m");
        assertThat(sent).isEqualTo(asked);
    }

    @Test
    void openAiReachesOllama() throws Exception {
        assertOllama(arrived("/v1/chat/completions", OPENAI, "ollama"));
    }

    @Test
    void anthropicReachesOllama() throws Exception {
        assertOllama(arrived("/v1/messages", ANTHROPIC, "ollama"));
    }

    private static void assertOllama(JsonNode sent) {
        assertThat(sent.at("/options/num_predict").asInt()).isEqualTo(50);
        assertThat(sent.at("/options/temperature").asDouble()).isEqualTo(0.5);
        assertThat(sent.at("/options/stop").toString()).isEqualTo("[\"END\"]");
        assertThat(sent.at("/format/title").asText()).isEqualTo("s");
        assertThat(sent.at("/tools/0/function/name").asText()).isEqualTo("t");
        JsonNode messages = sent.path("messages");
        assertThat(messages).hasSize(6);
        assertThat(messages.at("/0/content").asText()).isEqualTo("be short");
        assertThat(messages.at("/1/images/0").asText()).isEqualTo(PNG);
        assertThat(messages.at("/2/thinking").asText()).isEqualTo("hm");
        assertThat(messages.at("/2/tool_calls/1/function/arguments/a").asInt()).isEqualTo(2);
        assertThat(messages.at("/3/tool_name").asText()).isEqualTo("t");
        assertThat(messages.at("/4/content").asText()).isEqualTo("two");
        assertThat(messages.at("/5/content").asText()).isEqualTo("go on");
    }

    @Test
    void eachReachesItsOwnAsItCame() throws Exception {
        for (var each : Map.of(
                        "openai", Map.entry("/v1/chat/completions", OPENAI),
                        "anthropic", Map.entry("/v1/messages", ANTHROPIC))
                .entrySet()) {
            JsonNode sent = arrived(each.getValue().getKey(), each.getValue().getValue(), each.getKey());
            JsonNode asked = JSON.readTree(
                    each.getValue().getValue().formatted(each.getKey()).replace(each.getKey() + "/m", "m"));
            for (String field : new String[] {"messages", "tools", "system", "response_format", "output_config"}) {
                assertThat(sent.path(field)).isEqualTo(asked.path(field));
            }
        }
    }

    @Test
    void whatTheUpstreamCannotBeToldIsRefused() throws Exception {
        String document = ANTHROPIC.replace(
                "{\"type\": \"text\", \"text\": \"look\"}",
                "{\"type\": \"document\", \"source\": {\"type\": \"text\", \"media_type\": \"text/plain\", \"data\": \"x\"}}");
        String search = ANTHROPIC.replace(
                "\"tools\": [", "\"tools\": [{\"type\": \"web_search_20250305\", \"name\": \"web_search\"}, ");
        String link = OPENAI.replace("data:image/png;base64," + PNG, "http://127.0.0.1/p.png");
        for (var each : new String[][] {
            {"/v1/messages", document, "openai"},
            {"/v1/messages", document, "ollama"},
            {"/v1/messages", search, "openai"},
            {"/v1/messages", search, "ollama"},
            {"/v1/chat/completions", link, "ollama"}
        }) {
            HttpResponse<String> response = send(each[0], each[1], each[2]);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
            assertThat(JSON.readTree(response.body()).at("/error/message").asText())
                    .isNotEmpty();
        }
    }
}
