package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.Recording;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** OpenAI's Responses in front of a provider that asks for Responses: nothing that either side says gets lost. */
@Timeout(60)
class ResponsesPassThroughIT {

    private static final String JSON = "application/json";

    @TempDir
    private static Path folder;

    private static final ScriptedUpstream UPSTREAM = new ScriptedUpstream();
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder);
        server.keepConversations();
        server.provide("echo", new EchoProvider());
        server.provideOpenAi("up", UPSTREAM.uri(), "responses");
        server.route("both", "up/m", "echo/m");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        UPSTREAM.close();
    }

    static Stream<Recording> responses() {
        return Recording.in("openai/responses").stream()
                .filter(r -> r.successful() && r.request().has("input"))
                .filter(r -> !r.request().path("background").asBoolean())
                .filter(r -> r.request().path("previous_response_id").isMissingNode())
                // Those that did not come to their end are errors.
                .filter(r -> r.text().contains("\"status\":\"completed\"")
                        || r.text().contains("\"status\": \"completed\""));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void aRecordedResponseGoesThroughBothWaysAsItWas(Recording recorded) throws Exception {
        UPSTREAM.script(x -> x.answer(recorded.status(), recorded.type(), recorded.body()));
        ObjectNode request = recorded.request().deepCopy();
        request.put("model", "up/m");
        request.put("store", false);
        HttpResponse<String> answer = server.post("/v1/responses", request.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);

        ObjectNode sent = sent();
        assertThat(sent.path("model").asText()).isEqualTo("m");
        for (ObjectNode one : List.of(sent, request)) {
            one.remove(List.of("model", "stream", "stream_options"));
        }
        assertThat(sent).isEqualTo(request);
        if (recorded.stream()) {
            assertThat(events(answer.body())).isEqualTo(events(recorded.text()));
        } else {
            assertThat(Json.read(answer.body())).isEqualTo(Json.read(recorded.text()));
        }
    }

    private static ObjectNode sent() throws Exception {
        return (ObjectNode) Json.read(UPSTREAM.requests().getLast().body());
    }

    private static List<JsonNode> events(String body) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        for (String line : body.lines().filter(l -> l.startsWith("data:")).toList()) {
            if (!line.contains("[DONE]")) {
                events.add(Json.read(line.substring(5)));
            }
        }
        return events;
    }

    private static final String SEARCH = """
            {"id": "resp_1", "object": "response", "status": "completed", "model": "m", "store": true, "output": [
              {"type": "reasoning", "id": "rs_1", "summary": []},
              {"type": "reasoning", "id": "rs_2", "summary": [], "encrypted_content": "abc"},
              {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search"}},
              {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
               "content": [{"type": "output_text", "text": "found", "annotations": []}]}],
             "usage": {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5}}""";

    private static String withId(String id) {
        return SEARCH.replace("resp_1", id);
    }

    private static String search(String model, String more) {
        return """
                {"model": "%s", "input": "look", "tools": [{"type": "web_search"}], "temperature": 0.10 %s}""".formatted(model, more);
    }

    @Test
    void builtInToolsReachTheUpstreamThatHasThem() throws Exception {
        UPSTREAM.script(x -> x.answer(200, JSON, withId("resp_tools")));
        HttpResponse<String> answer = server.post("/v1/responses", search("up/m", ", \"later\": {\"x\": 1}"));
        assertThat(answer.body()).isEqualTo(withId("resp_tools"));
        String sent = UPSTREAM.requests().getLast().body();
        assertThat(sent)
                .contains("\"temperature\":0.10", "\"later\":{\"x\": 1}", "\"tools\":[{\"type\": \"web_search\"}]");
        assertThat(Json.read(server.get("/v1/responses/resp_tools").body())).isEqualTo(Json.read(withId("resp_tools")));
    }

    @Test
    void builtInToolsAreRefusedWhereNobodyHasThem() throws Exception {
        HttpResponse<String> answer = server.post("/v1/responses", search("echo/m", ""));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Json.read(answer.body()).at("/error/param").asText()).isEqualTo("tools[0].type");
    }

    @Test
    void whatAResponseFollowsGoesAlongAsItWas() throws Exception {
        UPSTREAM.script(x -> x.answer(200, JSON, withId("resp_first")));
        server.post("/v1/responses", search("up/m", ", \"reasoning\": {\"effort\": \"low\"}"));
        assertThat(sent().path("include")).isEqualTo(Json.read("[\"reasoning.encrypted_content\"]"));

        UPSTREAM.script(x -> x.answer(200, JSON, withId("resp_second")));
        HttpResponse<String> second =
                server.post("/v1/responses", search("up/m", ", \"previous_response_id\": \"resp_first\""));
        assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
        assertThat(sent().has("previous_response_id")).isFalse();
        List<JsonNode> input = new ArrayList<>();
        sent().path("input").forEach(input::add);
        assertThat(input)
                .extracting(item -> item.path("id").asText() + item.path("role").asText())
                .containsExactly("user", "rs_2", "ws_1", "msg_1assistant", "user");

        UPSTREAM.script(x -> x.answer(200, JSON, withId("resp_third")));
        server.post("/v1/responses", search("up/m", ", \"previous_response_id\": \"resp_second\""));
        assertThat(sent().path("input")).hasSize(9);
    }

    @Test
    void anotherDialectTakesOverFromTheBoundFormAndTheConversationGoesOn() throws Exception {
        String ask = "{\"model\": \"both\", \"input\": \"hello\" %s}";
        UPSTREAM.script(x -> x.answer(503, JSON, "{\"error\":{\"message\":\"down\"}}"));
        JsonNode first =
                Json.read(server.post("/v1/responses", ask.formatted("")).body());
        assertThat(first.at("/output/0/content/0/text").asText()).isEqualTo("hello");
        // It was translated, so the next one is too, by whomever it is answered.
        UPSTREAM.script(x -> x.answer(200, JSON, withId("resp_later")));
        String follows = ", \"previous_response_id\": \"" + first.path("id").asText() + "\"";
        HttpResponse<String> second = server.post("/v1/responses", ask.formatted(follows));
        assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
        assertThat(sent().path("input")).hasSize(3);
    }

    @Test
    void aStreamThatBreaksOffEndsWithAnError() throws Exception {
        UPSTREAM.script(x -> {
            x.begin(200, "text/event-stream");
            x.chunk("event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r\"}}\n\n");
            x.chunk("event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
                    + "\"output_index\":0,\"content_index\":0,\"delta\":\"a\"}\n\n");
            x.end();
        });
        String answer = server.post("/v1/responses", "{\"model\": \"up/m\", \"input\": \"hi\", \"stream\": true}")
                .body();
        assertThat(events(answer))
                .extracting(e -> e.path("type").asText())
                .containsExactly("response.created", "response.output_text.delta", "error");
    }
}
