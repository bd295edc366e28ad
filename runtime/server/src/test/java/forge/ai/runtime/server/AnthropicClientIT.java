package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.OverloadedException;
import com.anthropic.errors.SseException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.models.ModelInfo;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.CompletionEvent.Started;
import forge.ai.api.llm.CompletionEvent.TextDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingSignature;
import forge.ai.api.llm.CompletionEvent.ToolCallDelta;
import forge.ai.api.llm.CompletionEvent.ToolCallStarted;
import forge.ai.api.llm.CompletionEvent.Whole;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Anthropic's own client for Java, unchanged. */
@Timeout(60)
class AnthropicClientIT {

    @TempDir
    private static Path folder;

    private static final TellingProvider PROVIDER = new TellingProvider();
    private static RunningServer server;
    private static AnthropicClient client;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder);
        server.provide("p", PROVIDER);
        client = AnthropicOkHttpClient.builder()
                .baseUrl(server.address().toString())
                .apiKey("any")
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.close();
    }

    private static MessageCreateParams.Builder ask() {
        return MessageCreateParams.builder().model("p/m").maxTokens(100);
    }

    private static void tellTools() {
        PROVIDER.tell(
                new Started("msg_1", "m"),
                new ThinkingDelta("let me "),
                new ThinkingDelta("see"),
                new ThinkingSignature("sig"),
                new Whole(new Content.Thinking("", "", "xyz")),
                new TextDelta("it "),
                new TextDelta("is"),
                new ToolCallStarted(0, "c1", "weather"),
                new ToolCallDelta(0, "{\"city\":"),
                new ToolCallDelta(0, "\"Bonn\"}"),
                new ToolCallStarted(1, "c2", "time"),
                new Finished(FinishReason.TOOL_CALLS, Optional.of(new Usage(10, 6, 3, 2, 1))));
    }

    private static void assertTools(Message message) {
        message.validate();
        List<ContentBlock> content = message.content();
        assertThat(content).hasSize(5);
        assertThat(content.get(0).asThinking().thinking()).isEqualTo("let me see");
        assertThat(content.get(0).asThinking().signature()).isEqualTo("sig");
        assertThat(content.get(1).asRedactedThinking().data()).isEqualTo("xyz");
        assertThat(content.get(2).asText().text()).isEqualTo("it is");
        assertThat(content.get(3).asToolUse().id()).isEqualTo("c1");
        assertThat(content.get(3).asToolUse()._input().convert(Map.class)).isEqualTo(Map.of("city", "Bonn"));
        assertThat(content.get(4).asToolUse().name()).isEqualTo("time");
        assertThat(message.stopReason()).hasValue(StopReason.TOOL_USE);
        assertThat(message.usage().inputTokens()).isEqualTo(5);
        assertThat(message.usage().cacheReadInputTokens()).hasValue(3L);
        assertThat(message.usage().cacheCreationInputTokens()).hasValue(2L);
        assertThat(message.usage().outputTokens()).isEqualTo(6);
    }

    @Test
    void asksAndIsAnswered() {
        tellTools();
        Message message = client.messages()
                .create(ask().system("be short")
                        .addUserMessage("how is it?")
                        .stopSequences(List.of("a"))
                        .addTool(Tool.builder()
                                .name("weather")
                                .description("tells it")
                                .inputSchema(Tool.InputSchema.builder()
                                        .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                                        .build())
                                .build())
                        .build());
        assertTools(message);
        assertThat(PROVIDER.request.messages())
                .containsExactly(
                        forge.ai.api.llm.Message.system("be short"), forge.ai.api.llm.Message.user("how is it?"));
        assertThat(PROVIDER.request.tools().getFirst().name()).isEqualTo("weather");
    }

    @Test
    void readsStreamsToTheLastEvent() {
        tellTools();
        MessageAccumulator whole = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages()
                .createStreaming(ask().addUserMessage("how is it?").build())) {
            stream.stream().peek(RawMessageStreamEvent::validate).forEach(whole::accumulate);
        }
        assertTools(whole.message());
    }

    @Test
    void handsTheAnswerAndResultsOfToolsBack() {
        tellTools();
        Message message =
                client.messages().create(ask().addUserMessage("how is it?").build());
        client.messages()
                .create(ask().addUserMessage("how is it?")
                        .addMessage(message)
                        .addUserMessageOfContentBlockParams(List.of(
                                ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                                        .toolUseId("c1")
                                        .content("rain")
                                        .isError(true)
                                        .build()),
                                ContentBlockParam.ofImage(ImageBlockParam.builder()
                                        .source(Base64ImageSource.builder()
                                                .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                                                .data("AAAA")
                                                .build())
                                        .build()),
                                ContentBlockParam.ofText(
                                        TextBlockParam.builder().text("so?").build())))
                        .build());
        var messages = PROVIDER.request.messages();
        assertThat(messages.get(1).content())
                .containsExactly(
                        new Content.Thinking("let me see", "sig", ""),
                        new Content.Thinking("", "", "xyz"),
                        new Content.Text("it is"),
                        new Content.ToolCall("c1", "weather", "{\"city\":\"Bonn\"}"),
                        new Content.ToolCall("c2", "time", "{}"));
        assertThat(messages.get(2).content())
                .containsExactly(new Content.ToolResult("c1", List.of(new Content.Text("rain")), true));
        assertThat(messages.get(3).content())
                .containsExactly(new Content.Image("image/png", "AAAA", ""), new Content.Text("so?"));
    }

    @Test
    void understandsErrors() {
        assertThatThrownBy(() -> client.messages()
                        .create(ask().model("nobody/m").addUserMessage("x").build()))
                .isInstanceOfSatisfying(NotFoundException.class, e -> {
                    assertThat(e.requestId().orElseThrow()).startsWith("req_");
                    assertThat(e.apiMessage().orElseThrow()).contains("nobody");
                });
        assertThatThrownBy(() -> client.messages()
                        .create(ask().addUserMessage("x")
                                .putAdditionalBodyProperty("temperature", JsonValue.from(0.5))
                                .build()))
                .isInstanceOf(BadRequestException.class);
        PROVIDER.error = new UnavailableException("gone");
        assertThatThrownBy(
                        () -> client.messages().create(ask().addUserMessage("x").build()))
                .isInstanceOf(OverloadedException.class);
    }

    @Test
    void understandsAnErrorInAStream() {
        SteeredProvider steered = new SteeredProvider();
        var registration = server.provide("steered", steered);
        steered.start();
        steered.say("one");
        steered.fail(new UnavailableException("the upstream left"));
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages()
                .createStreaming(ask().model("steered/m").addUserMessage("x").build())) {
            assertThatThrownBy(() -> stream.stream().forEach(event -> {}))
                    .isInstanceOfSatisfying(
                            SseException.class,
                            e -> assertThat(e.apiMessage().orElseThrow()).contains("the upstream left"));
        } finally {
            registration.unregister();
        }
    }

    @Test
    void countsTokensAndListsModels() {
        assertThat(client.messages()
                        .countTokens(MessageCountTokensParams.builder()
                                .model("p/m")
                                .addUserMessage("how do you do?")
                                .build())
                        .inputTokens())
                .isPositive();
        List<ModelInfo> models = client.models().list().autoPager().stream().toList();
        assertThat(models).extracting(ModelInfo::id).containsExactly("p/m", "p/n");
        assertThat(client.models().retrieve("p/m").id()).isEqualTo("p/m");
        assertThatThrownBy(() -> client.models().retrieve("p/nobody")).isInstanceOf(AnthropicServiceException.class);
    }

    @Test
    void mayPresentItsKeyAsAToken() {
        tellTools();
        AnthropicClient other = AnthropicOkHttpClient.builder()
                .baseUrl(server.address().toString())
                .authToken("any")
                .build();
        try {
            assertTools(
                    other.messages().create(ask().addUserMessage("how is it?").build()));
        } finally {
            other.close();
        }
    }
}
