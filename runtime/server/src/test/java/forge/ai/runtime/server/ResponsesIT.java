package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.WebSearchTool;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.CompletionEvent.Started;
import forge.ai.api.llm.CompletionEvent.TextDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingSignature;
import forge.ai.api.llm.CompletionEvent.ToolCallDelta;
import forge.ai.api.llm.CompletionEvent.ToolCallStarted;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.ToolChoice;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.json.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's Responses over any provider, read by OpenAI's own client for Java. */
@Timeout(60)
class ResponsesIT {

    @TempDir
    private static Path folder;

    private static final AnsweringProvider MODEL = new AnsweringProvider();
    private static final CompletionEvent STARTED = new Started("x", "model-1");
    private static RunningServer server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder);
        server.keepConversations();
        server.provide("p", MODEL);
        client = OpenAIOkHttpClient.builder()
                .baseUrl(server.address() + "/v1")
                .apiKey("any")
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.close();
    }

    private static CompletionEvent finished(FinishReason reason) {
        return new Finished(reason, Optional.of(new Usage(9, 5, 4, 0, 3)));
    }

    private static ResponseCreateParams.Builder request() {
        return ResponseCreateParams.builder().model("p/m");
    }

    private static void says(String... texts) {
        List<CompletionEvent> events = new ArrayList<>(List.of(STARTED));
        for (String text : texts) {
            events.add(new TextDelta(text));
        }
        events.add(finished(FinishReason.STOP));
        MODEL.answer(events.toArray(CompletionEvent[]::new));
    }

    private static String text(Response response) {
        StringBuilder text = new StringBuilder();
        response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .forEach(part -> part.outputText().ifPresent(t -> text.append(t.text())));
        return text.toString();
    }

    @Test
    void answersAsAWhole() {
        says("hel", "lo");
        Response response = client.responses()
                .create(request()
                        .input("hi")
                        .instructions("be brief")
                        .maxOutputTokens(9)
                        .temperature(0.5)
                        .build())
                .validate();
        assertThat(text(response)).isEqualTo("hello");
        assertThat(response.status()).hasValue(ResponseStatus.COMPLETED);
        assertThat(response.model().asString()).isEqualTo("model-1");
        assertThat(response.usage().orElseThrow().inputTokens()).isEqualTo(9);
        assertThat(response.usage().orElseThrow().inputTokensDetails().cachedTokens())
                .isEqualTo(4);
        assertThat(response.usage().orElseThrow().outputTokensDetails().reasoningTokens())
                .isEqualTo(3);
        assertThat(MODEL.asked.messages()).containsExactly(Message.system("be brief"), Message.user("hi"));
        assertThat(MODEL.asked.options().maxTokens()).hasValue(9);
        assertThat(MODEL.asked.options().temperature()).hasValue(0.5);
    }

    @Test
    void streamsThoughtsTextAndCalls() {
        MODEL.answer(
                STARTED,
                new ThinkingDelta("let me "),
                new ThinkingDelta("see"),
                new ThinkingSignature("proof"),
                new TextDelta("I "),
                new TextDelta("look"),
                new ToolCallStarted(0, "c1", "f"),
                new ToolCallStarted(1, "c2", "g"),
                new ToolCallDelta(1, "{\"b\":"),
                new ToolCallDelta(0, "{\"a\":1}"),
                new ToolCallDelta(1, "2}"),
                finished(FinishReason.TOOL_CALLS));
        ResponseAccumulator whole = ResponseAccumulator.create();
        List<String> types = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses()
                .createStreaming(request()
                        .input("hi")
                        .addInclude(ResponseIncludable.REASONING_ENCRYPTED_CONTENT)
                        .addTool(FunctionTool.builder()
                                .name("f")
                                .parameters(FunctionTool.Parameters.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .build())
                                .strict(true)
                                .build())
                        .build())) {
            stream.stream().forEach(event -> {
                event.validate();
                whole.accumulate(event);
                JsonNode json = event._json().orElseThrow().convert(JsonNode.class);
                types.add(json.path("type").asText());
                numbers.add(json.path("sequence_number").asLong());
            });
        }
        assertThat(types)
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.reasoning_summary_part.added",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.done",
                        "response.reasoning_summary_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(i);
        }
        Response response = whole.response().validate();
        assertThat(response.output()).hasSize(4);
        assertThat(response.output()
                        .getFirst()
                        .reasoning()
                        .orElseThrow()
                        .summary()
                        .getFirst()
                        .text())
                .isEqualTo("let me see");
        assertThat(response.output().get(2).functionCall().orElseThrow().callId())
                .isEqualTo("c1");
        assertThat(response.output().get(3).functionCall().orElseThrow().arguments())
                .isEqualTo("{\"b\":2}");
        assertThat(MODEL.asked.tools().getFirst().strict()).isTrue();

        // What was given is understood when it is handed back, the proof of the thought included.
        says("done");
        List<ResponseInputItem> input = new ArrayList<>();
        input.add(ResponseInputItem.ofReasoning(
                response.output().getFirst().reasoning().orElseThrow()));
        input.add(ResponseInputItem.ofResponseOutputMessage(
                response.output().get(1).message().orElseThrow()));
        input.add(ResponseInputItem.ofFunctionCall(
                response.output().get(2).functionCall().orElseThrow()));
        input.add(ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                .callId("c1")
                .output("one")
                .build()));
        client.responses().create(request().inputOfResponse(input).build());
        assertThat(MODEL.asked.messages())
                .containsExactly(
                        new Message(
                                Message.Role.ASSISTANT,
                                List.of(
                                        new Content.Thinking("let me see", "proof", ""),
                                        new Content.Text("I look"),
                                        new Content.ToolCall("c1", "f", "{\"a\":1}"))),
                        Message.tool(new Content.ToolResult("c1", List.of(new Content.Text("one")), false)));
    }

    @Test
    void aConversationGoesOnFromAResponseThatIsKept() {
        MODEL.answer(
                STARTED,
                new ThinkingDelta("hm"),
                new ThinkingSignature("proof"),
                new TextDelta("Tokyo"),
                finished(FinishReason.STOP));
        Response first = client.responses()
                .create(request()
                        .input("capital of Japan?")
                        .instructions("brief")
                        .build());
        says("yes");
        Response second = client.responses()
                .create(request().input("sure?").previousResponseId(first.id()).build());
        assertThat(second.previousResponseId()).hasValue(first.id());
        assertThat(MODEL.asked.messages())
                .containsExactly(
                        Message.user("capital of Japan?"),
                        new Message(
                                Message.Role.ASSISTANT,
                                List.of(new Content.Thinking("hm", "proof", ""), new Content.Text("Tokyo"))),
                        Message.user("sure?"));

        assertThat(text(client.responses().retrieve(first.id()).validate())).isEqualTo("Tokyo");
        client.responses().delete(first.id());
        assertThatThrownBy(() -> client.responses().retrieve(first.id())).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> client.responses()
                        .create(request()
                                .input("x")
                                .previousResponseId(first.id())
                                .build()))
                .isInstanceOfSatisfying(BadRequestException.class, e -> {
                    assertThat(e.code()).hasValue("previous_response_not_found");
                    assertThat(e.param()).hasValue("previous_response_id");
                });
    }

    @Test
    void whatIsNotToBeKeptIsNot() {
        says("hello");
        Response response =
                client.responses().create(request().input("hi").store(false).build());
        assertThatThrownBy(() -> client.responses().retrieve(response.id())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void anAnswerCutShortIsIncomplete() {
        MODEL.answer(STARTED, new TextDelta("a b"), finished(FinishReason.LENGTH));
        Response response =
                client.responses().create(request().input("hi").build()).validate();
        assertThat(response.status()).hasValue(ResponseStatus.INCOMPLETE);
        assertThat(response.incompleteDetails()
                        .orElseThrow()
                        .reason()
                        .orElseThrow()
                        .asString())
                .isEqualTo("max_output_tokens");
    }

    @Test
    void whatFailsLaterIsAnEvent() throws Exception {
        MODEL.answer(STARTED, new TextDelta("a"));
        MODEL.fail(new UnavailableException("the upstream left"));
        ResponseAccumulator whole = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(request().input("hi").build())) {
            stream.stream().forEach(event -> whole.accumulate(event.validate()));
        }
        Response response = whole.response();
        assertThat(response.status()).hasValue(ResponseStatus.FAILED);
        assertThat(response.error().orElseThrow().message()).contains("the upstream left");
        assertThat(text(response)).isEqualTo("a");
    }

    @Test
    void readsWhatClientsSend() throws Exception {
        says("{}");
        HttpResponse<String> answer = server.post("/v1/responses", """
                {"model": "p/m", "store": false, "metadata": {"k": "v"}, "parallel_tool_calls": false,
                 "reasoning": {"effort": "low", "summary": "auto"}, "tool_choice": {"type": "function", "name": "f"},
                 "tools": [{"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}}],
                 "text": {"format": {"type": "json_schema", "name": "s", "schema": {"type": "object"}, "strict": true},
                          "verbosity": "low"},
                 "input": [{"role": "developer", "content": "d"},
                           {"role": "user", "content": [
                              {"type": "input_text", "text": "look"},
                              {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "low"},
                              {"type": "input_file", "filename": "f", "file_data": "data:application/pdf;base64,AA"}]},
                           {"type": "function_call", "call_id": "c", "name": "f", "arguments": ""},
                           {"type": "function_call_output", "call_id": "c", "output": [
                              {"type": "input_text", "text": "r"}]}]}""");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(MODEL.asked.messages())
                .containsExactly(
                        Message.system("d"),
                        new Message(
                                Message.Role.USER,
                                List.of(
                                        new Content.Text("look"),
                                        new Content.Image("image/png", "AAAA", "low"),
                                        new Content.Extension("openai", """
                                                {"type":"file","file":{"file_data":"data:application/pdf;base64,AA",\
                                                "filename":"f"}}"""))),
                        new Message(Message.Role.ASSISTANT, List.of(new Content.ToolCall("c", "f", "{}"))),
                        Message.tool(new Content.ToolResult("c", List.of(new Content.Text("r")), false)));
        assertThat(MODEL.asked.toolChoice()).isEqualTo(new ToolChoice.Named("f"));
        assertThat(MODEL.asked.format()).isEqualTo(new ResponseFormat.JsonSchema("s", "{\"type\":\"object\"}", true));
        assertThat(MODEL.asked.options().reasoning().orElseThrow().effort()).isEqualTo("low");
        assertThat(MODEL.asked.options().parallelToolCalls()).hasValue(false);
        assertThat(MODEL.asked.extensions()).isEqualTo(Map.of("verbosity", "\"low\""));
        JsonNode response = Json.read(answer.body());
        assertThat(response.path("metadata").toString()).isEqualTo("{\"k\":\"v\"}");
        assertThat(response.at("/text/format/name").asText()).isEqualTo("s");
        assertThat(response.path("store").asBoolean()).isFalse();
    }

    @Test
    void whatIsNotHeldIsNamed() {
        assertThatThrownBy(() -> client.responses()
                        .create(request()
                                .input("hi")
                                .addTool(WebSearchTool.builder()
                                        .type(WebSearchTool.Type.WEB_SEARCH)
                                        .build())
                                .build()))
                .isInstanceOfSatisfying(BadRequestException.class, e -> {
                    assertThat(e.code()).hasValue("unsupported");
                    assertThat(e.param()).hasValue("tools[0].type");
                });
        assertThatThrownBy(() -> client.responses()
                        .create(request().input("hi").background(true).build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class, e -> assertThat(e.param()).hasValue("background"));
    }
}
