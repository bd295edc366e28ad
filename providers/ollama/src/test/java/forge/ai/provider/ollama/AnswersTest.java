package forge.ai.provider.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes back and what it is here; lines as Ollama's documentation shows them. */
@Timeout(60)
class AnswersTest {

    private static final String HEAD = "{\"model\":\"m\",\"created_at\":\"2025-07-07T20:22:19.184789Z\",";
    private static final String DONE =
            HEAD + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done_reason\":\"stop\","
                    + "\"done\":true,\"total_duration\":182,\"prompt_eval_count\":11,\"eval_count\":5}";
    private static final String CALLS =
            "{\"function\":{\"name\":\"weather\",\"arguments\":{\"city\":\"Ulm\",\"n\":1}}}";
    private static final ChatRequest REQUEST = ChatRequest.of("asked", Message.user("hello"));

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final OllamaProvider provider = new OllamaProvider(Settings.of(Configs.of(
            OllamaProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString()))));

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
    }

    private static String message(String fields) {
        return HEAD + "\"message\":{\"role\":\"assistant\"," + fields + "},\"done\":false}";
    }

    private void lines(String... lines) {
        String all = String.join("\n", lines) + "\n";
        upstream.script(x -> {
            x.begin(200, OllamaServer.LINES);
            x.chunk(all);
            x.end();
        });
    }

    private List<CompletionEvent> events(ChatRequest request) {
        List<CompletionEvent> events = new ArrayList<>();
        try (CompletionStream stream = provider.streamChat(request)) {
            stream.forEachRemaining(events::add);
        }
        return events;
    }

    private static ForgeException failure(Runnable call) {
        ForgeException e = catchThrowableOfType(ForgeException.class, call::run);
        assertThat(e).isNotNull();
        return e;
    }

    @Test
    void thoughtsTextAndUsage() {
        lines(
                message("\"content\":\"\",\"thinking\":\"h\""),
                message("\"content\":\"\",\"thinking\":\"m\""),
                message("\"content\":\"Hi\""),
                message("\"content\":\" you\""),
                DONE);
        Completion completion = Completion.of(provider.streamChat(REQUEST));
        assertThat(completion.content()).containsExactly(Content.Thinking.of("hm"), new Content.Text("Hi you"));
        assertThat(completion.usage()).contains(Usage.of(11, 5));
        assertThat(completion.model()).isEqualTo("m");
        assertThat(completion.extensions()).containsEntry("ollama:total_duration", "182");

        upstream.script(x -> x.answer(
                200,
                OllamaServer.JSON,
                DONE.replace("\"content\":\"\"", "\"content\":\"Hi you\",\"thinking\":\"hm\"")));
        Completion whole = provider.chat(REQUEST);
        assertThat(whole.content()).isEqualTo(completion.content());
        assertThat(whole.usage()).isEqualTo(completion.usage());
        assertThat(whole.extensions()).isEqualTo(completion.extensions());
    }

    @Test
    void callsOfToolsInOneLineAndInSeveralAreToldApart() {
        lines(
                message("\"content\":\"\",\"tool_calls\":[" + CALLS + "," + CALLS + "]"),
                message(
                        "\"content\":\"\",\"tool_calls\":[{\"id\":\"call_x\",\"function\":{\"index\":2,\"name\":\"time\"}}]"),
                DONE);
        List<CompletionEvent> events = events(REQUEST);
        assertThat(events.stream()
                        .filter(CompletionEvent.ToolCallStarted.class::isInstance)
                        .map(e -> ((CompletionEvent.ToolCallStarted) e).index()))
                .containsExactly(0, 1, 2);

        Completion completion = Completion.of(provider.streamChat(REQUEST));
        List<Content.ToolCall> calls = completion.toolCalls();
        assertThat(calls).extracting(Content.ToolCall::name).containsExactly("weather", "weather", "time");
        assertThat(calls)
                .extracting(Content.ToolCall::arguments)
                .containsExactly("{\"city\":\"Ulm\",\"n\":1}", "{\"city\":\"Ulm\",\"n\":1}", "{}");
        assertThat(calls.getLast().id()).isEqualTo("call_x");
        assertThat(new HashSet<>(calls.stream().map(Content.ToolCall::id).toList()))
                .hasSize(3);
        assertThat(completion.finish()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(Completion.of(provider.streamChat(REQUEST)).toolCalls())
                .as("the same answer has the same ids")
                .isEqualTo(calls);
    }

    @Test
    void aCallInAnotherTurnHasAnotherId() {
        Set<String> ids = new HashSet<>();
        for (String moment : List.of("2025-07-07T20:22:19Z", "2025-07-07T20:22:20Z")) {
            String body = DONE.replace("2025-07-07T20:22:19.184789Z", moment)
                    .replace("\"content\":\"\"", "\"content\":\"\",\"tool_calls\":[" + CALLS + "]");
            upstream.script(x -> x.answer(200, OllamaServer.JSON, body));
            ids.add(provider.chat(REQUEST).toolCalls().getFirst().id());
        }
        assertThat(ids).hasSize(2);
    }

    @Test
    void howLikelyTokensWere() {
        String logprobs = ",\"logprobs\":[{\"token\":\"Hi\",\"logprob\":-0.5,\"bytes\":[72,105],\"top_logprobs\":"
                + "[{\"token\":\"Hi\",\"logprob\":-0.5},{\"token\":\"Ho\",\"logprob\":-1.5}]}]}";
        lines(message("\"content\":\"Hi\"").replaceFirst("}$", logprobs), DONE);
        List<TokenLogprob> expected = List.of(new TokenLogprob(
                "Hi", -0.5, List.of(new TokenLogprob("Hi", -0.5, List.of()), new TokenLogprob("Ho", -1.5, List.of()))));
        assertThat(Completion.of(provider.streamChat(REQUEST)).logprobs()).isEqualTo(expected);
        upstream.script(x -> x.answer(200, OllamaServer.JSON, DONE.replaceFirst("}$", logprobs)));
        assertThat(provider.chat(REQUEST).logprobs()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"stop, STOP", "length, LENGTH", "load, OTHER", "'', STOP"})
    void theReasonOfTheEnd(String word, FinishReason reason) {
        lines(DONE.replace("\"done_reason\":\"stop\"", "\"done_reason\":\"" + word + "\""));
        Completion completion = Completion.of(provider.streamChat(REQUEST));
        assertThat(completion.finish()).isEqualTo(reason);
        assertThat(completion.extensions().get("finish_reason"))
                .isEqualTo(reason == FinishReason.OTHER ? "\"load\"" : null);
    }

    @Test
    void aLineOfFiveMegabytesIsRead() {
        String text = "0123456789".repeat(512 << 10);
        lines(message("\"content\":\"" + text + "\""), DONE);
        assertThat(Completion.of(provider.streamChat(REQUEST)).text()).isEqualTo(text);
    }

    @Test
    void aStreamIsTheSameCutAtEveryByteAndNeverWholeBeforeItsLastOne() {
        String all = message("\"content\":\"\",\"thinking\":\"h\u00e9\"") + "\r\n\r\n"
                + message("\"content\":\"\u20ac\",\"tool_calls\":[" + CALLS + "]") + "\n" + DONE;
        byte[] bytes = all.getBytes(StandardCharsets.UTF_8);
        upstream.script(x -> x.answer(200, OllamaServer.LINES, bytes));
        List<CompletionEvent> expected = events(REQUEST);
        assertThat(expected).hasSize(6);
        for (int cut = 1; cut < bytes.length; cut++) {
            byte[] first = Arrays.copyOf(bytes, cut);
            byte[] rest = Arrays.copyOfRange(bytes, cut, bytes.length);
            upstream.script(x -> {
                x.begin(200, OllamaServer.LINES);
                x.chunk(first);
                x.chunk(rest);
                x.end();
            });
            assertThat(events(REQUEST)).as("cut at %d", cut).isEqualTo(expected);
            upstream.script(x -> x.answer(200, OllamaServer.LINES, first));
            assertThat(failure(() -> events(REQUEST)).code())
                    .as("short at %d", cut)
                    .isEqualTo(ErrorCode.PROTOCOL);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"status\":\"x\"}", "[]", "{\"message\":null,\"done\":false}", "{\"done\":\"no\"}", "7"})
    void aLineThatIsNoPieceOfAnAnswerIsAProtocolError(String line) {
        lines(message("\"content\":\"Hi\""), line, DONE);
        assertThat(failure(() -> events(REQUEST)).code()).isEqualTo(ErrorCode.PROTOCOL);
    }

    @ParameterizedTest
    @CsvSource({
        "model runner has unexpectedly stopped, UNAVAILABLE, UNAVAILABLE, 500",
        "model requires more system memory (8 GiB) than is available (2 GiB), RESOURCE_EXHAUSTED, RESOURCE_EXHAUSTED, 500",
        "the input length exceeds the context length, CONTEXT_LENGTH, CONTEXT_LENGTH, 400",
        "registry.ollama.ai/library/m does not support tools, UNSUPPORTED, UNSUPPORTED, 400",
        "\"m\" does not support thinking, UNSUPPORTED, UNSUPPORTED, 400",
        "invalid options: x, UNAVAILABLE, INVALID_REQUEST, 400",
        "model 'm' not found, UNAVAILABLE, NOT_FOUND, 404",
        "'server busy, please try again', UNAVAILABLE, UNAVAILABLE, 503",
        "unauthorized, UNAVAILABLE, AUTHENTICATION, 401"
    })
    void anErrorHasItsMeaningUnderAnErrorStatusAndInTheMidstOfAnAnswer(
            String words, ErrorCode inside, ErrorCode outside, int status) {
        String error = "{\"error\":\"" + words.replace("\"", "\\\"") + "\"}";
        lines(message("\"content\":\"Hi\""), error);
        ForgeException e = failure(() -> events(REQUEST));
        assertThat(e.code()).isEqualTo(inside);
        assertThat(e).hasMessage("ollama: " + words);

        upstream.script(x -> x.answer(200, OllamaServer.JSON, error));
        assertThat(failure(() -> provider.chat(REQUEST)).code()).isEqualTo(inside);
        assertThat(failure(() -> events(REQUEST)).code()).isEqualTo(inside);

        upstream.script(x -> x.answer(status, OllamaServer.JSON, error));
        assertThat(failure(() -> provider.chat(REQUEST)).code()).isEqualTo(outside);
        assertThat(failure(() -> events(REQUEST)).code()).isEqualTo(outside);
    }

    @Test
    void anAnswerThatIsNotDoneIsAProtocolError() {
        upstream.script(x -> x.answer(200, OllamaServer.JSON, message("\"content\":\"Hi\"")));
        assertThat(failure(() -> provider.chat(REQUEST)).code()).isEqualTo(ErrorCode.PROTOCOL);
    }

    @Test
    void asManyVectorsAsTextsOrItIsAProtocolError() {
        for (String body : List.of(
                "{\"embeddings\":[[1,2]]}", "{\"embeddings\":[[1],[]]}", "{\"embeddings\":[[1],[\"x\"]]}", "{}")) {
            upstream.script(x -> x.answer(200, OllamaServer.JSON, body));
            assertThat(failure(() -> provider.embed(EmbeddingRequest.of("m", "a", "b")))
                            .code())
                    .isEqualTo(ErrorCode.PROTOCOL);
        }
    }

    private static ChatRequest forced() {
        return ChatRequest.builder("m")
                .messages(List.of(Message.user("hello")))
                .tools(List.of(new Tool("weather", "", "", false), new Tool("time", "", "", false)))
                .toolChoice(ToolChoice.REQUIRED)
                .build();
    }

    @Test
    void theTextOfAnAnswerThatHasToBeACallIsTheCall() {
        String text = "{\\\"name\\\":\\\"time\\\",\\\"arguments\\\":{\\\"zone\\\":\\\"CET\\\"}}";
        lines(
                message("\"content\":\"\",\"thinking\":\"hm\""),
                message("\"content\":\"" + text.substring(0, 15) + "\""),
                message("\"content\":\"" + text.substring(15) + "\""),
                DONE);
        Completion streamed = Completion.of(provider.streamChat(forced()));
        upstream.script(x -> x.answer(
                200,
                OllamaServer.JSON,
                DONE.replace("\"content\":\"\"", "\"content\":\"" + text + "\",\"thinking\":\"hm\"")));
        for (Completion completion : List.of(streamed, provider.chat(forced()))) {
            assertThat(completion.text()).isEmpty();
            assertThat(completion.finish()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(completion.content()).hasSize(2);
            Content.ToolCall call = completion.toolCalls().getFirst();
            assertThat(call.name()).isEqualTo("time");
            assertThat(call.arguments()).isEqualTo("{\"zone\":\"CET\"}");
        }
    }

    @Test
    void aForcedCallThatIsCutShortIsTextAndAnythingElseAProtocolError() {
        lines(message("\"content\":\"{\\\"name\\\"\""), DONE.replace("\"stop\"", "\"length\""));
        Completion cut = Completion.of(provider.streamChat(forced()));
        assertThat(cut.finish()).isEqualTo(FinishReason.LENGTH);
        assertThat(cut.text()).isEqualTo("{\"name\"");
        for (String text : List.of("sorry", "{\\\"name\\\":\\\"else\\\",\\\"arguments\\\":{}}", "")) {
            lines(message("\"content\":\"" + text + "\""), DONE);
            assertThat(failure(() -> events(forced())).code()).isEqualTo(ErrorCode.PROTOCOL);
        }
    }

    @Test
    void whatCameOnTheWireLeavesAndComesBackAsItIs() throws Exception {
        String sent =
                "{ \"model\" : \"alias\", \"messages\":[{\"role\":\"user\",\"content\":\"\\u0068i\",\"new\":1.50}],"
                        + "\"options\":{\"num_ctx\":4e3},\"stream\":false,\"later\":{\"x\":[ ]} }";
        ChatRequest request = ChatRequest.builder("m:7b")
                .messages(List.of(Message.user("hi")))
                .wire(new Wire(Wire.OLLAMA_CHAT, sent))
                .build();
        String[] lines = {message("\"content\":\"Hi\",\"new\":1"), message("\"content\":\"\""), DONE};
        lines(lines);

        List<CompletionEvent> events = events(request);

        assertThat(events.stream()
                        .filter(CompletionEvent.OnTheWire.class::isInstance)
                        .map(e -> ((CompletionEvent.OnTheWire) e).wire().json()))
                .containsExactly(lines);
        assertThat(events.get(0)).isInstanceOf(CompletionEvent.OnTheWire.class);
        assertThat(events.get(1)).isEqualTo(new CompletionEvent.Started("", "m"));
        assertThat(events.getLast()).isInstanceOf(CompletionEvent.Finished.class);
        assertThat(Completion.of(provider.streamChat(request)).text()).isEqualTo("Hi");
        assertThat(upstream.requests().getFirst().body())
                .isEqualTo(
                        "{\"model\":\"m:7b\",\"messages\":[{\"role\":\"user\",\"content\":\"\\u0068i\",\"new\":1.50}],"
                                + "\"options\":{\"num_ctx\":4e3},\"stream\":true,\"later\":{\"x\":[ ]}}");
        assertThat(provider.passesThrough(Wire.OLLAMA_CHAT)).isTrue();
        assertThat(provider.passesThrough(Wire.OPENAI_CHAT)).isFalse();
    }

    @Test
    void withoutAWireOfItsDialectNothingIsGivenAsItCame() {
        ChatRequest request = ChatRequest.builder("m")
                .messages(List.of(Message.user("hi")))
                .wire(new Wire(Wire.OPENAI_CHAT, "{}"))
                .build();
        lines(message("\"content\":\"Hi\""), DONE);
        assertThat(events(request)).noneMatch(CompletionEvent.OnTheWire.class::isInstance);
        assertThat(upstream.requests().getFirst().body()).contains("\"content\":\"hi\"");
    }
}
