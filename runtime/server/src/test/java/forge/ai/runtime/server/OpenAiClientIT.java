package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.ToolChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own client for Java, unchanged. */
@Timeout(60)
class OpenAiClientIT {

    @TempDir
    private static Path folder;

    private static final EchoProvider ECHO = new EchoProvider();
    private static RunningServer server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder);
        server.provide("echo", ECHO);
        client = OpenAIOkHttpClient.builder()
                .baseUrl(server.address() + "/v1")
                .apiKey("any")
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.close();
    }

    @Test
    void chats() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("echo/m")
                        .addSystemMessage("be short")
                        .addUserMessage("hello")
                        .maxCompletionTokens(9)
                        .temperature(0.25)
                        .topP(0.5)
                        .seed(42)
                        .frequencyPenalty(0.5)
                        .presencePenalty(-0.5)
                        .stopOfStrings(List.of("a", "b"))
                        .logprobs(true)
                        .topLogprobs(3)
                        .user("u")
                        .metadata(ChatCompletionCreateParams.Metadata.builder()
                                .putAdditionalProperty("k", JsonValue.from("v"))
                                .build())
                        .build())
                .validate();
        assertThat(answer.choices().getFirst().message().content()).hasValue("hello");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(5);
        var options = ECHO.chat.options();
        assertThat(options.maxTokens()).hasValue(9);
        assertThat(options.temperature()).hasValue(0.25);
        assertThat(options.topP()).hasValue(0.5);
        assertThat(options.seed()).hasValue(42);
        assertThat(options.frequencyPenalty()).hasValue(0.5);
        assertThat(options.presencePenalty()).hasValue(-0.5);
        assertThat(options.stop()).containsExactly("a", "b");
        assertThat(options.logprobs()).hasValue(3);
        assertThat(options.user()).isEqualTo("u");
        assertThat(ECHO.chat.extensions()).containsOnlyKeys("metadata");
        assertThat(ECHO.chat.messages().getFirst()).isEqualTo(Message.system("be short"));
    }

    @Test
    void sendsPicturesAndTools() {
        client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("echo/m")
                        .addUserMessageOfArrayOfContentParts(List.of(
                                ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                        .text("look")
                                        .build()),
                                ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                                        .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                                .url("data:image/png;base64,AAAA")
                                                .detail(ChatCompletionContentPartImage.ImageUrl.Detail.LOW)
                                                .build())
                                        .build())))
                        .addFunctionTool(FunctionDefinition.builder()
                                .name("weather")
                                .description("tells it")
                                .parameters(FunctionParameters.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .build())
                                .strict(true)
                                .build())
                        .parallelToolCalls(false)
                        .toolChoice(com.openai.models.chat.completions.ChatCompletionToolChoiceOption.Auto.REQUIRED)
                        .build());
        assertThat(ECHO.chat.messages().getFirst().content())
                .containsExactly(new Content.Text("look"), new Content.Image("image/png", "AAAA", "low"));
        assertThat(ECHO.chat.tools())
                .containsExactly(new forge.ai.api.llm.Tool("weather", "tells it", "{\"type\":\"object\"}", true));
        assertThat(ECHO.chat.toolChoice()).isEqualTo(ToolChoice.REQUIRED);
        assertThat(ECHO.chat.options().parallelToolCalls()).hasValue(false);
    }

    @Test
    void streamsChats() {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(ChatCompletionCreateParams.builder()
                        .model("echo/m")
                        .addUserMessage("one two three")
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build())) {
            stream.stream().peek(ChatCompletionChunk::validate).forEach(whole::accumulate);
        }
        assertThat(whole.chatCompletion().choices().getFirst().message().content())
                .hasValue("one two three");
        assertThat(whole.chatCompletion().usage().orElseThrow().promptTokens()).isEqualTo(3);
    }

    @Test
    void continuesTexts() {
        var answer = client.completions()
                .create(CompletionCreateParams.builder()
                        .model("echo/m")
                        .prompt("once")
                        .maxTokens(4)
                        .build())
                .validate();
        assertThat(answer.choices().getFirst().text()).isEqualTo("once!");
        StringBuilder text = new StringBuilder();
        try (var stream = client.completions()
                .createStreaming(CompletionCreateParams.builder()
                        .model("echo/m")
                        .promptOfArrayOfStrings(List.of("a b"))
                        .build())) {
            stream.stream().forEach(c -> text.append(c.choices().getFirst().text()));
        }
        assertThat(text).hasToString("a b");
    }

    @Test
    void embeds() {
        CreateEmbeddingResponse answer = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("echo/m")
                        .inputOfArrayOfStrings(List.of("four", "sixsix"))
                        .dimensions(2)
                        .build());
        assertThat(answer.data().get(1).embedding()).containsExactly(6f, 0.5f);
        assertThat(answer.usage().promptTokens()).isEqualTo(4);
        assertThat(ECHO.embedding.dimensions()).hasValue(2);
    }

    @Test
    void findsModels() {
        assertThat(client.models().list().data())
                .extracting(m -> m.validate().id())
                .containsExactly("echo/m");
        assertThat(client.models().retrieve("echo/m").ownedBy()).isEqualTo("test");
    }

    @Test
    void failsWithItsOwnExceptions() {
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model("none/m")
                                .addUserMessage("x")
                                .build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class, e -> assertThat(e.code()).hasValue("model_not_found"));
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model("echo/m")
                                .addUserMessage("x")
                                .n(2)
                                .build()))
                .isInstanceOfSatisfying(BadRequestException.class, e -> {
                    assertThat(e.param()).hasValue("n");
                    assertThat(e.type()).hasValue("invalid_request_error");
                });
    }

    @Test
    void handsResultsOfToolsBack() {
        client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("echo/m")
                        .addUserMessage("how is it?")
                        .putAdditionalBodyProperty(
                                "messages",
                                JsonValue.from(List.of(
                                        Map.of("role", "user", "content", "how is it?"),
                                        Map.of(
                                                "role",
                                                "assistant",
                                                "tool_calls",
                                                List.of(Map.of(
                                                        "id",
                                                        "c1",
                                                        "type",
                                                        "function",
                                                        "function",
                                                        Map.of("name", "weather", "arguments", "{\"a\":1}")))),
                                        Map.of("role", "tool", "tool_call_id", "c1", "content", "sunny"))))
                        .build());
        assertThat(ECHO.chat.messages().get(1).content())
                .containsExactly(new Content.ToolCall("c1", "weather", "{\"a\":1}"));
        assertThat(ECHO.chat.messages().get(2))
                .isEqualTo(Message.tool(new Content.ToolResult("c1", List.of(new Content.Text("sunny")), false)));
    }
}
