package forge.ai.runtime.support.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RequestShapeTest {

    private static final Dialect OFFICIAL = Dialect.at("https://api.openai.com/v1", "");
    private static final Dialect OTHER = Dialect.at("http://127.0.0.1:8000/v1", "");

    private static JsonNode written(ChatRequest request, Dialect dialect) throws IOException {
        return Json.read(ChatRequestWriter.write(request, false, dialect));
    }

    @Test
    void openAiGetsNoFieldThatItRefuses() throws IOException {
        GenerationOptions options = GenerationOptions.builder()
                .maxTokens(5)
                .topK(3)
                .minP(0.1)
                .repetitionPenalty(1.1)
                .build();
        ChatRequest request = ChatRequest.of("m", Message.user("a")).withOptions(options);
        String messages = "\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]";

        assertThat(written(request, OFFICIAL)).isEqualTo(Json.read("{" + messages + ",\"max_completion_tokens\":5}"));
        assertThat(written(request, OTHER))
                .isEqualTo(Json.read(
                        "{" + messages + ",\"max_tokens\":5,\"top_k\":3,\"min_p\":0.1,\"repetition_penalty\":1.1}"));
    }

    @Test
    void onlyOpenAiIsAskedForVectorsInBase64UnlessTheCallerSaysOtherwise() {
        EmbeddingRequest request = EmbeddingRequest.of("m", "a");
        EmbeddingRequest floats = new EmbeddingRequest(
                "m", List.of("a"), OptionalInt.of(8), request.timeout(), Map.of("encoding_format", "\"float\""));

        assertThat(EmbeddingRequestWriter.write(request, OFFICIAL))
                .asString()
                .contains("\"encoding_format\":\"base64\"");
        assertThat(EmbeddingRequestWriter.write(request, OTHER)).asString().doesNotContain("encoding_format");
        assertThat(EmbeddingRequestWriter.write(floats, OFFICIAL))
                .asString()
                .isEqualTo("{\"model\":\"m\",\"input\":[\"a\"],\"dimensions\":8,\"encoding_format\":\"float\"}");
    }

    @Test
    void toolsAreWantedInEachWay() throws IOException {
        Tool tool = new Tool("f", "", "{\"type\":\"object\"}", true);
        ChatRequest.Builder request =
                ChatRequest.builder("m").messages(List.of(Message.user("a"))).tools(List.of(tool));

        assertThat(written(request.build(), OTHER).at("/tools/0"))
                .isEqualTo(Json.read("{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":"
                        + "{\"type\":\"object\"},\"strict\":true}}"));
        assertThat(written(request.build(), OTHER).has("tool_choice")).isFalse();
        assertThat(written(request.toolChoice(ToolChoice.NONE).build(), OTHER).get("tool_choice"))
                .isEqualTo(Json.read("\"none\""));
        assertThat(written(request.toolChoice(ToolChoice.REQUIRED).build(), OTHER)
                        .get("tool_choice"))
                .isEqualTo(Json.read("\"required\""));
        assertThat(written(request.toolChoice(new ToolChoice.Named("f")).build(), OTHER)
                        .get("tool_choice"))
                .isEqualTo(Json.read("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}"));
    }

    @Test
    void aSchemaOfTheAnswerIsSentAsItStands() throws IOException {
        ChatRequest request = ChatRequest.builder("m")
                .messages(List.of(Message.user("a")))
                .format(new ResponseFormat.JsonSchema("s", "{\"type\": \"object\"}", true))
                .build();
        assertThat(written(request, OTHER).get("response_format"))
                .isEqualTo(Json.read("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"schema\":"
                        + "{\"type\":\"object\"},\"strict\":true}}"));
    }

    @Test
    void thoughtsGoBackOnlyWhereTheyAreWanted() throws IOException {
        Message turn = new Message(
                Message.Role.ASSISTANT,
                List.of(Content.Thinking.of("hm"), new Content.Text("hi"), new Content.CachePoint("")));
        ChatRequest request = ChatRequest.of("m", turn);
        assertThat(written(request, OTHER).at("/messages/0"))
                .isEqualTo(Json.read("{\"role\":\"assistant\",\"content\":\"hi\"}"));
        assertThat(written(request, new Dialect(false, "reasoning")).at("/messages/0"))
                .isEqualTo(Json.read("{\"role\":\"assistant\",\"content\":\"hi\",\"reasoning\":\"hm\"}"));
    }

    @Test
    void whatIsNoJsonOrHasNoFormHereIsRefusedBeforeItIsSent() {
        ChatRequest.Builder request = ChatRequest.builder("m").messages(List.of(Message.user("a")));
        for (String wrong : List.of("", "{", "{} {}", "x")) {
            assertThatThrownBy(
                            () -> written(request.extensions(Map.of("e", wrong)).build(), OTHER))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("e ");
        }
        Message foreign = new Message(Message.Role.USER, List.of(new Content.Extension("anthropic", "{}")));
        assertThatThrownBy(() -> written(ChatRequest.of("m", foreign), OTHER)).isInstanceOf(UnsupportedException.class);
    }
}
