package forge.ai.runtime.support.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.Secrets;
import forge.ai.runtime.support.http.TimeLimits;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What came in the dialect goes to the upstream, and comes back, as it stands. */
@Timeout(30)
class PassThroughTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String CHUNK =
            "{\"id\":\"1\", \"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"new\":1.50}]}";
    private static final String LAST =
            "{\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}";
    private static final String USAGE =
            "{\"id\":\"1\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}";

    private final ScriptedUpstream server = new ScriptedUpstream();
    private final HttpUpstream upstream = new HttpUpstream(Duration.ofMillis(200), 1 << 20);

    @AfterEach
    void close() {
        upstream.close();
        server.close();
    }

    private OpenAiClient client(Dialect dialect) {
        TimeLimits limits = new TimeLimits(LIMIT, LIMIT, LIMIT, LIMIT);
        Endpoint endpoint = new Endpoint("test", server.uri().toString(), Map.of(), limits, Secrets.of());
        return new OpenAiClient(upstream, endpoint, dialect);
    }

    private OpenAiClient client() {
        return client(new Dialect(true, ""));
    }

    private static ChatRequest request(String json) {
        return ChatRequest.builder("theirs")
                .messages(List.of(Message.user("a")))
                .wire(new Wire(Wire.OPENAI_CHAT, json))
                .build();
    }

    private String sent() {
        return server.requests().getLast().body();
    }

    @Test
    void aRequestKeepsEachValueAsItStandsButTheModel() {
        String answer =
                "{ \"id\":\"1\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"hi\",\"new\":[]},"
                        + "\"finish_reason\":\"stop\"}],\n \"service_tier\":\"x\"}";
        server.script(x -> x.answer(200, "application/json", answer));
        Completion completion = client().chat(
                        request(
                                " {\"model\" :\"ours\\\"/m\", \"temperature\":1.0E0 ,\"x\":{\"y\" :[1,\"}\"]},\"stream\":false"
                                        + ",\n\"messages\": [ {\"role\":\"user\",\"content\":\"ä,\\u0041\"} ] , \"n\":12345678901234567890}\n"));
        assertThat(sent())
                .isEqualTo("{\"model\":\"theirs\",\"temperature\":1.0E0,\"x\":{\"y\" :[1,\"}\"]},"
                        + "\"messages\":[ {\"role\":\"user\",\"content\":\"ä,\\u0041\"} ],\"n\":12345678901234567890}");
        assertThat(completion.wire()).contains(new Wire(Wire.OPENAI_CHAT, answer));
        assertThat(completion.text()).isEqualTo("hi");
    }

    @Test
    void theUsageIsShownWhereItWasAskedFor() {
        streams();
        assertThat(wires("{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true,\"more\":1}}"))
                .containsExactly(CHUNK, LAST, USAGE);
        assertThat(sent())
                .isEqualTo(
                        "{\"model\":\"theirs\",\"stream\":true,\"stream_options\":{\"include_usage\":true,\"more\":1}}");
    }

    @Test
    void theUsageIsAskedForInAnyCaseButNotShownThen() {
        streams();
        assertThat(wires("{\"model\":\"m\",\"stream\":true}")).containsExactly(CHUNK, LAST);
        assertThat(sent())
                .isEqualTo("{\"model\":\"theirs\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    }

    private void streams() {
        server.script(x -> {
            x.begin(200, "text/event-stream");
            for (String event : List.of(CHUNK, LAST, USAGE, "[DONE]")) {
                x.chunk("data: " + event + "\n\n");
            }
            x.end();
        });
    }

    private List<String> wires(String json) {
        List<String> wires = new ArrayList<>();
        List<CompletionEvent> bound = new ArrayList<>();
        try (CompletionStream stream = client().streamChat(request(json))) {
            stream.forEachRemaining(event -> {
                if (event instanceof CompletionEvent.OnTheWire(Wire wire)) {
                    wires.add(wire.json());
                } else {
                    bound.add(event);
                }
            });
        }
        assertThat(bound).hasSize(3);
        assertThat(((CompletionEvent.Finished) bound.getLast()).usage()).isPresent();
        return wires;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "reasoning", "reasoning_content"})
    void thoughtsOfEarlierTurnsStandWhereTheUpstreamWantsThem(String field) throws Exception {
        server.script(x -> x.answer(404, "text/plain", "no"));
        String turn = "{\"role\":\"assistant\",\"content\":\"b\",\"reasoning_content\":\"hm\",\"new\":1}";
        ChatRequest request = ChatRequest.builder("m")
                .messages(List.of(new Message(Message.Role.ASSISTANT, List.of(Content.Thinking.of("hm")))))
                .wire(new Wire(Wire.OPENAI_CHAT, "{\"model\":\"m\",\"messages\":[" + turn + "]}"))
                .build();
        assertThatThrownBy(() -> client(new Dialect(field.isEmpty(), field)).chat(request))
                .hasMessageContaining("no");
        JsonNode message = Json.read(sent()).at("/messages/0");
        assertThat(message.path("new").intValue()).isOne();
        assertThat(message.path("reasoning_content").asText("")).isEqualTo(field.endsWith("content") ? "hm" : "");
        assertThat(message.path("reasoning").asText("")).isEqualTo(field.equals("reasoning") ? "hm" : "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"a\":1", "{} {}", "{\"a\" 1}"})
    void whatIsNoObjectIsRefused(String json) {
        assertThatThrownBy(() -> client().chat(request(json))).isInstanceOf(InvalidRequestException.class);
    }
}
