package forge.ai.runtime.support.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.Secrets;
import forge.ai.runtime.support.http.TimeLimits;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OpenAiDialectTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final ChatRequest REQUEST = ChatRequest.of("m", Message.user("hello"));

    private final ScriptedUpstream server = new ScriptedUpstream();
    private final HttpUpstream upstream = new HttpUpstream(Duration.ofMillis(200), 1 << 20);

    @AfterEach
    void close() {
        upstream.close();
        server.close();
    }

    private OpenAiClient client() {
        return new OpenAiClient(
                upstream,
                new Endpoint(
                        "test",
                        server.uri().toString(),
                        Map.of(),
                        new TimeLimits(LIMIT, LIMIT, LIMIT, LIMIT),
                        Secrets.of()));
    }

    private void streams(String... events) {
        server.script(x -> {
            x.begin(200, "text/event-stream");
            for (String event : events) {
                x.chunk("data: " + event + "\n\n");
            }
            x.end();
        });
    }

    private static String delta(String delta, String finish) {
        return "{\"id\":\"1\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":"
                + finish + "}]}";
    }

    @Test
    void readsAWholeAnswer() {
        server.script(
                x -> x.answer(
                        200,
                        "application/json",
                        "{\"id\":\"1\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                                + "\"content\":\"hi\",\"reasoning_content\":\"hm\"},\"finish_reason\":\"stop\"}],\"usage\":"
                                + "{\"prompt_tokens\":3,\"completion_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":1}}}"));
        Completion completion = client().chat(REQUEST);
        assertThat(completion.content()).containsExactly(Content.Thinking.of("hm"), new Content.Text("hi"));
        assertThat(completion.finish()).isEqualTo(FinishReason.STOP);
        assertThat(completion.usage()).contains(new Usage(3, 2, 1, 0, 0));
        assertThat(server.requests().getFirst().path()).isEqualTo("/chat/completions");
    }

    @Test
    void tellsParallelToolCallsApartThoughTheirIndexIsTheSame() {
        streams(
                delta(
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\"\"}}]}",
                        "null"),
                delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}", "null"),
                delta("{\"tool_calls\":[{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\"}}]}", "\"tool_calls\""),
                "[DONE]");
        Completion completion = Completion.of(client().streamChat(REQUEST));
        assertThat(completion.toolCalls())
                .containsExactly(new Content.ToolCall("a", "f", "{\"x\":1}"), new Content.ToolCall("b", "g", "{}"));
        assertThat(completion.finish()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void aStreamWithoutItsMarkOfTheEndIsAProtocolError() {
        streams(delta("{\"content\":\"hi\"}", "null"), delta("{}", "\"stop\""));
        assertThat(failure()).isEqualTo(ErrorCode.PROTOCOL);
    }

    @Test
    void aStreamWithoutFinishReasonIsAProtocolError() {
        streams(delta("{\"content\":\"hi\"}", "null"), "[DONE]");
        assertThat(failure()).isEqualTo(ErrorCode.PROTOCOL);
    }

    @Test
    void anErrorInsideAStreamKeepsItsMeaning() {
        streams(
                delta("{\"content\":\"hi\"}", "null"),
                "{\"error\":{\"message\":\"x\",\"code\":\"rate_limit_exceeded\"}}");
        assertThat(failure()).isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void anAnswerThatIsNoStreamIsAProtocolError() {
        server.script(x -> x.answer(200, "text/html", "<html>"));
        assertThat(failure()).isEqualTo(ErrorCode.PROTOCOL);
    }

    private ErrorCode failure() {
        return catchThrowableOfType(ForgeException.class, () -> Completion.of(client().streamChat(REQUEST)))
                .code();
    }
}
