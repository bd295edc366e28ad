package forge.ai.runtime.support.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.Secrets;
import forge.ai.runtime.support.http.TimeLimits;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static String call(String call) {
        return delta("{\"tool_calls\":[" + call + "]}", "null");
    }

    private static String piece(int index, String piece) {
        return call("{\"index\":" + index + ",\"function\":{\"arguments\":\"" + piece + "\"}}");
    }

    @Test
    void parallelToolCallsWhosePiecesAreInterleavedAreKeptApart() {
        streams(
                call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}"),
                call("{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}"),
                piece(1, "[2"),
                piece(0, "[1"),
                piece(1, ",3]"),
                piece(0, ",4]"),
                delta("{}", "\"tool_calls\""),
                "[DONE]");
        assertThat(Completion.of(client().streamChat(REQUEST)).toolCalls())
                .containsExactly(new Content.ToolCall("a", "f", "[1,4]"), new Content.ToolCall("b", "g", "[2,3]"));
    }

    @Test
    void aPieceOfAToolCallWithAWrongIndexBelongsToTheLastCall() {
        streams(
                call("{\"index\":1,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}"),
                piece(7, "[1"),
                call("{\"function\":{\"arguments\":\"]\"}}"),
                delta("{}", "\"tool_calls\""),
                "[DONE]");
        assertThat(Completion.of(client().streamChat(REQUEST)).toolCalls())
                .containsExactly(new Content.ToolCall("a", "f", "[1]"));
    }

    @Test
    void aToolCallWithoutArgumentsHasAnEmptyObject() {
        streams(
                call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}"),
                delta("{}", "\"tool_calls\""),
                "[DONE]");
        assertThat(Completion.of(client().streamChat(REQUEST)).toolCalls())
                .containsExactly(new Content.ToolCall("a", "f", "{}"));
    }

    @Test
    void aStreamWhoseFirstChunkHasNoChoicesAndWhoseUsageNeverComesIsWhole() {
        streams(
                "{\"id\":\"\",\"model\":\"\",\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}",
                delta("{\"content\":\"hi\"}", "null"),
                delta("{}", "\"stop\""),
                "[DONE]");
        Completion completion = Completion.of(client().streamChat(REQUEST));
        assertThat(completion.id()).isEqualTo("1");
        assertThat(completion.model()).isEqualTo("m-1");
        assertThat(completion.text()).isEqualTo("hi");
        assertThat(completion.usage()).isEmpty();
        assertThat(completion.extensions()).containsEntry("prompt_filter_results", "[{\"prompt_index\":0}]");
    }

    @Test
    void continuesATextAsAWholeAndPieceByPiece() {
        CompletionRequest request = new CompletionRequest(
                "m",
                "a",
                GenerationOptions.builder()
                        .maxTokens(5)
                        .logprobs(1)
                        .stop(List.of("."))
                        .build(),
                Map.of("suffix", "\"z\""));
        String logprobs = "\"logprobs\":{\"tokens\":[\"hi\"],\"token_logprobs\":[-0.5],"
                + "\"top_logprobs\":[{\"hi\":-0.5,\"ho\":-1.5}],\"text_offset\":[1]}";
        String usage = "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}";
        server.script(x -> x.answer(
                200,
                "application/json",
                "{\"id\":\"1\",\"model\":\"m-1\",\"choices\":[{\"text\":\"hi\",\"index\":0," + logprobs
                        + ",\"finish_reason\":\"length\"}]," + usage + "}"));
        Completion whole = client().complete(request);
        streams(
                "{\"id\":\"1\",\"model\":\"m-1\",\"choices\":[{\"text\":\"hi\",\"index\":0," + logprobs
                        + ",\"finish_reason\":null}]}",
                "{\"id\":\"1\",\"model\":\"m-1\",\"choices\":[{\"text\":\"\",\"index\":0,\"finish_reason\":\"length\"}]}",
                "{\"id\":\"1\",\"model\":\"m-1\",\"choices\":[]," + usage + "}",
                "[DONE]");

        assertThat(whole.text()).isEqualTo("hi");
        assertThat(whole.finish()).isEqualTo(FinishReason.LENGTH);
        assertThat(whole.logprobs())
                .containsExactly(new TokenLogprob(
                        "hi",
                        -0.5,
                        List.of(new TokenLogprob("hi", -0.5, List.of()), new TokenLogprob("ho", -1.5, List.of()))));
        assertThat(Completion.of(client().streamCompletion(request))).isEqualTo(whole);
        assertThat(server.requests()).extracting(x -> x.path()).containsOnly("/completions");
        assertThat(server.requests().getFirst().body())
                .isEqualTo("{\"model\":\"m\",\"prompt\":\"a\",\"max_tokens\":5,\"stop\":[\".\"],\"logprobs\":1,"
                        + "\"suffix\":\"z\"}");
    }

    @Test
    void readsVectorsInTheOrderOfTheInputsAsNumbersOrBase64() {
        server.script(
                x -> x.answer(
                        200,
                        "application/json",
                        "{\"model\":\"m-1\",\"data\":[{\"index\":1,\"embedding\":[0.25,-2]},"
                                + "{\"index\":0,\"embedding\":\"AACAPwAAAMA=\"}],\"usage\":{\"prompt_tokens\":4,\"total_tokens\":4}}"));
        Embeddings embeddings = client().embed(EmbeddingRequest.of("m", "a", "b"));
        assertThat(embeddings.vectors()).containsExactly(new float[] {1, -2}, new float[] {0.25f, -2});
        assertThat(embeddings.usage()).contains(Usage.of(4, 0));
        assertThat(server.requests().getFirst().body()).isEqualTo("{\"model\":\"m\",\"input\":[\"a\",\"b\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{\"index\":0,\"embedding\":[1]}]",
                "[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[2]}]",
                "[{\"index\":0,\"embedding\":[1]},{\"index\":2,\"embedding\":[2]}]",
                "[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[null]}]",
                "[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[]}]",
                "[{\"index\":0,\"embedding\":[1]},{\"index\":1}]",
                "[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"AAA=\"}]",
                "[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"?\"}]"
            })
    void vectorsThatDoNotFitTheInputsAreAProtocolError(String data) {
        server.script(x -> x.answer(200, "application/json", "{\"model\":\"m\",\"data\":" + data + "}"));
        assertThat(catchThrowableOfType(ForgeException.class, () -> client().embed(EmbeddingRequest.of("m", "a", "b")))
                        .code())
                .isEqualTo(ErrorCode.PROTOCOL);
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
