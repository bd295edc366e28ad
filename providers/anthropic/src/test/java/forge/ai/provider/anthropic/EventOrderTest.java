package forge.ai.provider.anthropic;

import static forge.ai.provider.anthropic.AnthropicServer.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.ProtocolException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams whose events are whole, but do not make an answer; and kinds of content that nobody knows yet. */
@Timeout(60)
class EventOrderTest {

    private static final String START = event("message_start", "\"message\":{\"id\":\"1\",\"model\":\"m\"}");
    private static final String TEXT = begin(0, "{\"type\":\"text\",\"text\":\"hi\"}");
    private static final String STOP = event("content_block_stop", "\"index\":0");
    private static final String REASON = event("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"}");
    private static final String END = event("message_stop", "\"x\":1");

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final AnthropicProvider provider = new AnthropicProvider(Settings.of(Configs.of(
            AnthropicProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString()))));

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
    }

    private static String begin(int index, String block) {
        return event("content_block_start", "\"index\":" + index + ",\"content_block\":" + block);
    }

    private static String delta(int index, String delta) {
        return event("content_block_delta", "\"index\":" + index + ",\"delta\":" + delta);
    }

    private Completion read(String... events) {
        upstream.script(x -> x.answer(200, "text/event-stream", String.join("", events)));
        return Completion.of(provider.streamChat(ChatRequest.of("m", Message.user("a"))));
    }

    private void refused(String... events) {
        assertThatThrownBy(() -> read(events)).as(String.join("", events)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void anEndThatComesTooEarlyIsNone() {
        assertThat(read(START, TEXT, STOP, REASON, END).text()).isEqualTo("hi");
        refused(START, TEXT, STOP, END);
        refused(START, TEXT, REASON, END);
        refused(REASON, END);
        refused(END);
    }

    @Test
    void eventsThatCannotComeWhereTheyComeAreRefused() {
        refused(TEXT, STOP, START, REASON, END);
        refused(START, START, TEXT, STOP, REASON, END);
        refused(START, TEXT, TEXT, STOP, REASON, END);
        refused(START, STOP, REASON, END);
        refused(START, TEXT, STOP, STOP, REASON, END);
        refused(START, TEXT, delta(1, "{\"type\":\"text_delta\",\"text\":\"x\"}"), STOP, REASON, END);
        refused(START, TEXT, STOP, REASON, event("error", "\"x\":1"));
    }

    @Test
    void contentOfANewKindIsPutTogetherAndKept() {
        Completion completion = read(
                START,
                begin(0, "{\"type\":\"new_kind\",\"text\":\"\",\"input\":{},\"more\":null}"),
                delta(0, "{\"type\":\"text_delta\",\"text\":\"a\"}"),
                delta(0, "{\"type\":\"text_delta\",\"text\":\"b\"}"),
                delta(0, "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"q\\\":\"}"),
                delta(0, "{\"type\":\"input_json_delta\",\"partial_json\":\"1}\"}"),
                delta(0, "{\"type\":\"new_delta\",\"more\":[1]}"),
                STOP,
                REASON,
                END);

        assertThat(completion.content())
                .containsExactly(new Content.Extension(
                        "anthropic", "{\"type\":\"new_kind\",\"text\":\"ab\",\"input\":{\"q\":1},\"more\":[1]}"));
    }

    @Test
    void aProofThatComesInPiecesIsOne() {
        Completion completion = read(
                START,
                begin(0, "{\"type\":\"thinking\",\"thinking\":\"h\",\"signature\":\"\"}"),
                delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"m\"}"),
                delta(0, "{\"type\":\"signature_delta\",\"signature\":\"ab\"}"),
                delta(0, "{\"type\":\"signature_delta\",\"signature\":\"c=\"}"),
                STOP,
                begin(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"hidden\"}"),
                STOP,
                begin(0, "{\"type\":\"redacted_thinking\",\"data\":\"xyz\"}"),
                STOP,
                REASON,
                END);

        assertThat(completion.content())
                .containsExactly(
                        new Content.Thinking("hm", "abc=", ""),
                        new Content.Thinking("", "hidden", ""),
                        new Content.Thinking("", "", "xyz"));
    }
}
