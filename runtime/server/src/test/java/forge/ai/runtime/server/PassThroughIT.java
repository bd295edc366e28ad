package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.Recording;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** OpenAI's dialect in front of the provider that speaks it: nothing that a client or the vendor says gets lost. */
@Timeout(60)
class PassThroughIT {

    @TempDir
    private static Path folder;

    private static final ScriptedUpstream UPSTREAM = new ScriptedUpstream();
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder);
        server.provide("echo", new EchoProvider());
        server.provideOpenAi("up", UPSTREAM.uri());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        UPSTREAM.close();
    }

    static Stream<Recording> chats() {
        return Recording.in("openai/chat", "azure/chat", "ollama/chat").stream()
                .filter(r -> r.successful() && r.request().path("messages").isArray())
                // An error under a status of success is one.
                .filter(r -> !r.text().matches("(?s).*\"error\"\\s*:\\s*\\{.*"));
    }

    @ParameterizedTest
    @MethodSource("chats")
    void aRecordedChatGoesThroughBothWaysAsItWas(Recording recorded) throws Exception {
        UPSTREAM.script(x -> x.answer(recorded.status(), recorded.type(), recorded.body()));
        ObjectNode request = recorded.request().deepCopy();
        JsonNode model = request.path("model");
        request.put("model", "up/m");
        HttpResponse<String> answer = server.post("/v1/chat/completions", request.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);

        ObjectNode sent = (ObjectNode) Json.read(UPSTREAM.requests().getLast().body());
        assertThat(sent.path("model").asText()).isEqualTo("m");
        boolean usage = request.at("/stream_options/include_usage").asBoolean();
        if (recorded.stream()) {
            assertThat(sent.at("/stream_options/include_usage").asBoolean()).isTrue();
        }
        for (ObjectNode one : List.of(sent, request)) {
            one.remove(List.of("model", "stream", "stream_options"));
        }
        assertThat(sent).isEqualTo(request);
        if (recorded.stream()) {
            assertThat(events(answer.body()))
                    .isEqualTo(events(recorded.text()).stream()
                            .filter(event -> usage || !event.contains("\"choices\":[],\"usage\":{"))
                            .toList());
        } else {
            assertThat(answer.body()).isEqualTo(recorded.text());
        }
        assertThat(model.asText()).isNotEmpty();
    }

    private static List<String> events(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data:"))
                .map(l -> l.substring(5).strip())
                .toList();
    }

    private static final String CHOICES = """
            {"model": "%s", "n": 2, "tools": [{"type": "custom", "custom": {"name": "c"}}],
             "messages": [{"role": "user", "content": [{"type": "later", "x": 1}]},
                          {"role": "function", "name": "f", "content": "r"}]}""";

    @Test
    void whatHasNoFormHereIsPassedOnWhereItCanBe() throws Exception {
        String body = """
                {"id":"1","choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"},\
                {"index":1,"message":{"content":"b"},"finish_reason":"stop"}]}""";
        UPSTREAM.script(x -> x.answer(200, "application/json", body));
        assertThat(server.post("/v1/chat/completions", CHOICES.formatted("up/m"))
                        .body())
                .isEqualTo(body);
        JsonNode sent = Json.read(UPSTREAM.requests().getLast().body());
        assertThat(sent).isEqualTo(Json.read(CHOICES.formatted("m")));
    }

    @Test
    void whatHasNoFormHereIsRefusedWhereItCannot() throws Exception {
        HttpResponse<String> answer = server.post("/v1/chat/completions", CHOICES.formatted("echo/m"));
        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = Json.read(answer.body()).path("error");
        assertThat(error.path("param").asText()).isEqualTo("n");
        assertThat(error.path("code").asText()).isEqualTo("unsupported");
    }

    @Test
    void anotherDialectTakesOverFromTheBoundForm() throws Exception {
        server.route("both", "up/m", "echo/m");
        for (boolean stream : new boolean[] {true, false}) {
            UPSTREAM.script(x -> x.answer(503, "application/json", "{\"error\":{\"message\":\"down\"}}"));
            String answer =
                    server.post("/v1/chat/completions", """
                    {"model": "both", "messages": [{"role": "user", "content": "hello"}], "stream": %s}""".formatted(stream)).body();
            assertThat(answer).contains("hello", "\"finish_reason\":\"stop\"");
        }
    }

    @Test
    void aDocumentInSeveralLinesIsOneEvent() throws Exception {
        UPSTREAM.script(x -> {
            x.begin(200, "text/event-stream");
            x.chunk(
                    "data: {\"choices\": [\ndata: {\"delta\": {\"content\": \"a\"}, \"finish_reason\": \"stop\"}]}\n\n");
            x.chunk("data: [DONE]\n\n");
            x.end();
        });
        String answer = server.post("/v1/chat/completions", """
                {"model": "up/m", "messages": [{"role": "user", "content": "x"}], "stream": true}""").body();
        assertThat(events(answer))
                .containsExactly(
                        "{\"choices\": [ {\"delta\": {\"content\": \"a\"}, \"finish_reason\": \"stop\"}]}", "[DONE]");
    }
}
