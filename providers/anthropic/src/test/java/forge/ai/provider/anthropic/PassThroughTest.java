package forge.ai.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Extensions;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What came in Anthropic's dialect is sent as it came, and the answer comes back as it came. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PassThroughTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final AnthropicProvider provider = new AnthropicProvider(Settings.of(Configs.of(
            AnthropicProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString(), "maxTokens", 77))));

    @AfterAll
    void close() {
        provider.close();
        upstream.close();
    }

    private static ChatRequest request(String wire) {
        return ChatRequest.builder("claude-haiku-4-5")
                .messages(List.of(Message.user("only for routes")))
                .wire(new Wire(Wire.ANTHROPIC_MESSAGES, wire))
                .build();
    }

    @Test
    void valuesStayToTheLastDigitAndUnknownFieldsSurvive() {
        upstream.requests().clear();
        upstream.script(x -> x.answer(200, "application/json", new AnthropicAnswers().whole("x")));
        provider.chat(request("{ \"something_new\" : {\"a\":[1.500, 1e3,\"\\u0041\"]}, \"model\":\"route\",\n"
                + "\"stream\":true, \"max_tokens\":5,\"temperature\":0.70,\"messages\":[ ] }"));

        assertThat(upstream.requests().getLast().body())
                .isEqualTo("{\"something_new\":{\"a\":[1.500, 1e3,\"\\u0041\"]},\"model\":\"claude-haiku-4-5\","
                        + "\"max_tokens\":5,\"temperature\":0.70,\"messages\":[ ]}");
    }

    @Test
    void whatTheInterfaceDemandsIsAdded() throws Exception {
        upstream.script(x -> x.answer(200, "application/json", new AnthropicAnswers().whole("x")));
        provider.chat(request("{\"messages\":[]}"));

        JsonNode sent = MAPPER.readTree(upstream.requests().getLast().body());
        assertThat(sent.get("max_tokens").intValue()).isEqualTo(77);
        assertThat(sent.get("model").textValue()).isEqualTo("claude-haiku-4-5");
    }

    @Test
    void theTrialFeaturesThatWereAskedForAreAskedForUpstream() {
        upstream.script(x -> x.answer(200, "application/json", new AnthropicAnswers().whole("x")));
        ChatRequest plain = request("{\"messages\":[]}");
        provider.chat(ChatRequest.builder(plain.model())
                .wire(plain.wire().orElseThrow())
                .extensions(Map.of(Extensions.name("anthropic", "betas"), "[\"a-2026\",\"b\"]"))
                .build());

        assertThat(upstream.requests().getLast().header("anthropic-beta")).isEqualTo("a-2026,b");
        assertThat(upstream.requests().getLast().body()).doesNotContain("betas");
    }

    @Test
    void whatIsNoObjectIsRefused() {
        for (String broken : List.of("", "[]", "{\"a\":1", "{} x")) {
            assertThatThrownBy(() -> provider.chat(request(broken))).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void itIsPassedThroughInThisDialectAlone() throws Exception {
        assertThat(provider.passesThrough(Wire.ANTHROPIC_MESSAGES)).isTrue();
        assertThat(provider.passesThrough(Wire.OPENAI_CHAT)).isFalse();
        upstream.script(x -> x.answer(200, "application/json", new AnthropicAnswers().whole("x")));
        Completion completion = provider.chat(ChatRequest.builder("m")
                .messages(List.of(Message.user("bound")))
                .wire(new Wire(Wire.OPENAI_CHAT, "{\"messages\":[]}"))
                .build());

        assertThat(completion.wire()).isEmpty();
        assertThat(MAPPER.readTree(upstream.requests().getLast().body())
                        .at("/messages/0/content/0/text")
                        .asText())
                .isEqualTo("bound");
    }

    static List<Recording> recordings() {
        return Recording.in("anthropic/messages").stream()
                .filter(Recording::successful)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void recordedCallsComeAndGoAsTheyWere(Recording recording) throws Exception {
        upstream.script(x -> x.answer(200, recording.type(), recording.body()));
        ChatRequest request = request(recording.request().toString());
        ObjectNode expected = recording.request().deepCopy();
        expected.put("model", request.model());
        expected.remove("stream");
        if (recording.stream()) {
            expected.put("stream", true);
        }

        List<CompletionEvent> events = new ArrayList<>();
        if (recording.stream()) {
            try (CompletionStream stream = provider.streamChat(request)) {
                stream.forEachRemaining(events::add);
            }
            assertThat(onTheWire(events)).isEqualTo(sent(recording));
        } else {
            Completion completion = provider.chat(request);
            assertThat(completion.wire()).contains(new Wire(Wire.ANTHROPIC_MESSAGES, recording.text()));
            assertThat(completion.usage()).isPresent();
        }

        assertThat(MAPPER.readTree(upstream.requests().getLast().body())).isEqualTo(expected);
    }

    private static List<Wire> onTheWire(List<CompletionEvent> events) {
        return events.stream()
                .flatMap(e -> e instanceof CompletionEvent.OnTheWire wire ? Stream.of(wire.wire()) : Stream.empty())
                .toList();
    }

    private static List<Wire> sent(Recording recording) {
        List<Wire> all = new ArrayList<>();
        for (String event : recording.text().strip().split("\n\n+")) {
            String[] lines = event.split("\n");
            all.add(new Wire(
                    Wire.ANTHROPIC_MESSAGES,
                    lines[0].substring("event: ".length()),
                    lines[1].substring("data: ".length())));
        }
        return all;
    }
}
