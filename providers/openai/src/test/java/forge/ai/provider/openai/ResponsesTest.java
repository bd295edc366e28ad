package forge.ai.provider.openai;

import static forge.ai.runtime.testkit.llm.ResponsesAnswers.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Reasoning;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.JsonMutants;
import forge.ai.runtime.testkit.llm.ResponsesAnswers;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no recording shows of the Responses: other ends, refusals, thoughts on their way back. */
@Timeout(60)
class ResponsesTest {

    private static final ChatRequest ASKED = ChatRequest.of("m", Message.user("a"));
    private static final String THOUGHT =
            "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"one\"},"
                    + "{\"type\":\"summary_text\",\"text\":\"two\"}],\"encrypted_content\":\"gAAA\"}";
    private static final String HIDDEN =
            "{\"type\":\"reasoning\",\"id\":\"rs_2\",\"summary\":[],\"encrypted_content\":\"gBBB\"}";
    private static final String SEARCH = "{\"type\":\"web_search_call\",\"id\":\"ws_1\",\"action\":{\"query\":\"x\"}}";
    private static final String CALL =
            "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1\",\"name\":\"f\",\"arguments\":\"{}\"}";
    private static final String SAID =
            "{\"type\":\"message\",\"id\":\"msg_1\",\"content\":[{\"type\":\"output_text\",\"text\":\"hi\"},"
                    + "{\"type\":\"refusal\",\"refusal\":\"no\"}]}";
    private static final String ALL = String.join(",", THOUGHT, HIDDEN, SEARCH, SAID, CALL);
    private static final String RESPONSE =
            "{\"id\":\"resp_1\",\"model\":\"m\",\"status\":\"%s\",\"incomplete_details\":%s,"
                    + "\"output\":[%s],\"usage\":{\"input_tokens\":1,\"output_tokens\":2,\"total_tokens\":3,"
                    + "\"output_tokens_details\":{\"reasoning_tokens\":1}}}";

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final OpenAiProvider provider = new OpenAiProvider(Settings.of(Configs.of(
            OpenAiProviderComponent.Config.class,
            Map.of(
                    "baseUrl", upstream.uri().toString(),
                    "api", "responses",
                    "reasoningSummary", "auto"))));

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
    }

    private void whole(String body) {
        upstream.script(x -> x.answer(200, "application/json", body));
    }

    private void streamed(String body) {
        upstream.script(x -> {
            x.begin(200, "text/event-stream");
            x.chunk(body);
            x.end();
        });
    }

    private Completion stream() {
        return Completion.of(provider.streamChat(ASKED));
    }

    private JsonNode sent() throws IOException {
        return new ObjectMapper().readTree(upstream.requests().getLast().body());
    }

    @ParameterizedTest
    @CsvSource({
        "max_output_tokens, LENGTH",
        "content_filter, CONTENT_FILTER",
        "something_new, OTHER",
    })
    void anIncompleteAnswerSaysWhy(String reason, FinishReason finish) {
        String response = RESPONSE.formatted("incomplete", "{\"reason\":\"" + reason + "\"}", SAID);
        whole(response);
        Completion completion = provider.chat(ASKED);
        assertThat(completion.finish()).isEqualTo(finish);
        assertThat(completion.text()).isEqualTo("hi");
        streamed(event("response.incomplete", "\"response\":" + response));
        assertThat(stream()).isEqualTo(completion);
        assertThat(completion.extensions().containsKey("finish_reason")).isEqualTo(finish == FinishReason.OTHER);
    }

    @ParameterizedTest
    @CsvSource({"rate_limit_exceeded, RATE_LIMITED", "server_error, UNAVAILABLE"})
    void anAnswerThatFailedIsAnError(String code, ErrorCode expected) {
        String response = "{\"id\":\"resp_1\",\"status\":\"failed\",\"output\":[],\"error\":{\"code\":\"" + code
                + "\",\"message\":\"it went wrong\"}}";
        whole(response);
        assertError(() -> provider.chat(ASKED), expected, code);
        streamed(new ResponsesAnswers().begin() + event("response.failed", "\"response\":" + response));
        assertError(this::stream, expected, code);
        streamed(event("error", "\"code\":\"" + code + "\",\"message\":\"it went wrong\",\"param\":null"));
        assertError(this::stream, expected, code);
        streamed(event("error", "\"error\":{\"code\":\"" + code + "\",\"message\":\"it went wrong\"}"));
        assertError(this::stream, expected, code);
    }

    private static void assertError(Runnable call, ErrorCode expected, String code) {
        ForgeException e = catchThrowableOfType(ForgeException.class, call::run);
        assertThat(e.code()).isEqualTo(expected);
        assertThat(e).hasMessage("openai: it went wrong");
        assertThat(e.details().vendorCode()).isEqualTo(code);
    }

    @Test
    void aStreamMaySayInPiecesWhatAWholeAnswerSays() {
        String response = RESPONSE.formatted("completed", "null", ALL);
        whole(response);
        Completion completion = provider.chat(ASKED);
        assertThat(completion.content())
                .containsExactly(
                        new Content.Thinking("one\n\ntwo", THOUGHT, ""),
                        new Content.Thinking("", "", HIDDEN),
                        new Content.Extension("openai", SEARCH),
                        new Content.Text("hi"),
                        new Content.Refusal("no"),
                        new Content.ToolCall("call_1", "f", "{}"));
        assertThat(completion.finish()).isEqualTo(FinishReason.TOOL_CALLS);

        String end = event("response.completed", "\"response\":" + response);
        streamed(end);
        assertThat(stream()).as("the end alone").isEqualTo(completion);
        streamed(summary(0, "one")
                + summary(1, "tw")
                + done(0, THOUGHT)
                + done(1, HIDDEN)
                + done(2, SEARCH)
                + event("response.output_text.delta", "\"output_index\":3,\"delta\":\"h\"")
                + event("response.output_text.delta", "\"output_index\":3,\"delta\":\"i\"")
                + event("response.refusal.delta", "\"output_index\":3,\"delta\":\"n\"")
                + done(3, SAID)
                + event("response.output_item.added", "\"output_index\":4,\"item\":" + CALL.replace("{}", ""))
                + event("response.function_call_arguments.delta", "\"output_index\":4,\"delta\":\"{\"")
                + done(4, CALL)
                + end);
        assertThat(stream())
                .as("in pieces")
                .usingRecursiveComparison()
                .ignoringFields("id")
                .isEqualTo(completion);
    }

    private static String summary(int part, String delta) {
        return event(
                "response.reasoning_summary_text.delta",
                "\"output_index\":0,\"summary_index\":" + part + ",\"delta\":\"" + delta + "\"");
    }

    private static String done(int index, String item) {
        return event("response.output_item.done", "\"output_index\":" + index + ",\"item\":" + item);
    }

    @Test
    void whatWasThoughtAndSearchedGoesBackAsItCame() throws IOException {
        whole(RESPONSE.formatted("completed", "null", ALL));
        Completion completion = provider.chat(ASKED);
        Content.Thinking foreign = new Content.Thinking("elsewhere", "signed", "");

        provider.chat(ChatRequest.of(
                "m",
                Message.system("be kind"),
                Message.user("a"),
                new Message(Message.Role.ASSISTANT, List.of(foreign)),
                new Message(Message.Role.ASSISTANT, completion.content()),
                Message.tool(new Content.ToolResult("call_1", List.of(new Content.Text("r")), false))));

        ObjectMapper mapper = new ObjectMapper();
        JsonNode input = sent().get("input");
        assertThat(sent().get("instructions").textValue()).isEqualTo("be kind");
        assertThat(input).hasSize(7);
        assertThat(input.get(1)).isEqualTo(mapper.readTree(THOUGHT));
        assertThat(input.get(2)).isEqualTo(mapper.readTree(HIDDEN));
        assertThat(input.get(3)).isEqualTo(mapper.readTree(SEARCH));
        assertThat(input.get(4).at("/content/1/refusal").textValue()).isEqualTo("no");
        assertThat(input.get(5).get("call_id").textValue()).isEqualTo("call_1");
        assertThat(input.get(6))
                .isEqualTo(
                        mapper.readTree("{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"r\"}"));
        assertThat(sent().get("include")).extracting(JsonNode::textValue).contains("reasoning.encrypted_content");
        assertThat(sent().get("store").booleanValue()).isFalse();
    }

    @Test
    void optionsHaveTheirOwnNames() throws IOException {
        whole(new ResponsesAnswers().whole("hi"));
        provider.chat(ChatRequest.builder("m")
                .messages(List.of(new Message(
                        Message.Role.USER,
                        List.of(
                                new Content.Text("what"),
                                new Content.Image("image/png", "AAAA", "low"),
                                new Content.Extension(
                                        "openai", "{\"type\":\"file\",\"file\":{\"file_data\":\"data:x\"}}")))))
                .tools(List.of(new Tool("f", "", "", false)))
                .format(new ResponseFormat.JsonSchema("s", "{\"type\":\"object\"}", true))
                .options(GenerationOptions.builder()
                        .maxTokens(9)
                        .logprobs(2)
                        .parallelToolCalls(false)
                        .reasoning(new Reasoning("low", OptionalInt.empty()))
                        .build())
                .extensions(Map.of(
                        "verbosity", "\"low\"", "tools", "[{\"type\":\"web_search\"}]", "service_tier", "\"flex\""))
                .build());

        assertThat(sent())
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":["
                                + "{\"type\":\"input_text\",\"text\":\"what\"},"
                                + "{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,AAAA\",\"detail\":\"low\"},"
                                + "{\"type\":\"input_file\",\"file_data\":\"data:x\"}]}],"
                                + "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":"
                                + "{\"type\":\"object\",\"properties\":{}},\"strict\":false},{\"type\":\"web_search\"}],"
                                + "\"parallel_tool_calls\":false,"
                                + "\"text\":{\"verbosity\":\"low\",\"format\":{\"type\":\"json_schema\",\"name\":\"s\","
                                + "\"schema\":{\"type\":\"object\"},\"strict\":true}},"
                                + "\"max_output_tokens\":9,\"top_logprobs\":2,"
                                + "\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"},\"store\":false,"
                                + "\"include\":[\"reasoning.encrypted_content\",\"message.output_text.logprobs\"],"
                                + "\"service_tier\":\"flex\"}"));
    }

    @Test
    void stopTextsAreRefusedAndOnlyResponsesPassThrough() {
        ChatRequest request =
                ASKED.withOptions(GenerationOptions.builder().stop(List.of("x")).build());
        assertThatThrownBy(() -> provider.chat(request)).isInstanceOf(UnsupportedException.class);
        assertThat(provider.passesThrough(Wire.OPENAI_CHAT)).isFalse();
        assertThat(provider.passesThrough(Wire.OPENAI_RESPONSES)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noDocumentIsTooOdd(boolean streams) {
        int errors = 0;
        int answers = 0;
        for (String mutant : JsonMutants.of(RESPONSE.formatted("completed", "null", ALL))) {
            whole(mutant);
            if (streams) {
                streamed(event("response.completed", "\"response\":" + mutant));
            }
            try {
                Completion completion = streams ? stream() : provider.chat(ASKED);
                assertThat(completion.finish()).isNotNull();
                answers++;
            } catch (ForgeException e) {
                assertThat(e.code()).as(mutant).isNotEqualTo(ErrorCode.INTERNAL);
                errors++;
            }
        }
        assertThat(answers).isPositive();
        assertThat(errors).isPositive();
    }
}
