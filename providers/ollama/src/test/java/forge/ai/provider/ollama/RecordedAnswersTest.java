package forge.ai.provider.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.llm.RecordedAnswer;
import forge.ai.runtime.testkit.llm.RecordedAnswersContract;
import forge.ai.runtime.testkit.llm.Recording;
import forge.ai.runtime.testkit.llm.StreamFormat;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Ollama has answered over its native interface, sent again over HTTP. */
class RecordedAnswersTest extends RecordedAnswersContract {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final OllamaProvider provider = new OllamaProvider(Settings.of(Configs.of(
            OllamaProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString()))));

    @AfterAll
    void close() {
        provider.close();
    }

    @Override
    protected LlmProvider provider() {
        return provider;
    }

    @Override
    protected List<Recording> answers() {
        return Recording.in("ollama/ollama-chat", "ollama/ollama-generate");
    }

    static List<Recording> chats() {
        return Recording.in("ollama/ollama-chat");
    }

    static List<Recording> embeddings() {
        return Recording.in("ollama/embeddings");
    }

    @Override
    protected StreamFormat format() {
        return StreamFormat.NDJSON;
    }

    @Override
    protected Completion whole(Recording recording) {
        return recording.name().contains("generate")
                ? provider.complete(CompletionRequest.of("m", "a"))
                : super.whole(recording);
    }

    @Override
    protected CompletionStream stream(Recording recording) {
        return recording.name().contains("generate")
                ? provider.streamCompletion(CompletionRequest.of("m", "a"))
                : super.stream(recording);
    }

    /** Line by line: the texts one after the other, and what the last line says. */
    @Override
    protected RecordedAnswer reading(Recording recording) throws IOException {
        StringBuilder text = new StringBuilder();
        JsonNode last = MAPPER.createObjectNode();
        for (String line : recording.text().split("\n")) {
            last = MAPPER.readTree(line);
            text.append(last.path("response").asText())
                    .append(last.at("/message/content").asText());
        }
        assertThat(last.get("done").booleanValue()).isTrue();
        assertThat(last.path("done_reason").asText()).isEqualTo("stop");
        return new RecordedAnswer(
                last.get("model").textValue(),
                text.toString(),
                "",
                List.of(),
                "",
                List.of(),
                FinishReason.STOP,
                Optional.of(Usage.of(
                        last.path("prompt_eval_count").asLong(),
                        last.get("eval_count").asLong())));
    }

    @Override
    protected void assertMore(Recording recording, Completion completion) throws IOException {
        String[] lines = recording.text().split("\n");
        JsonNode last = MAPPER.readTree(lines[lines.length - 1]);
        assertThat(last.has("total_duration")).isTrue();
        for (String field : List.of("total_duration", "load_duration", "eval_duration", "context")) {
            if (last.has(field)) {
                assertThat(completion.extensions())
                        .containsEntry("ollama:" + field, last.get(field).toString());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("embeddings")
    void theVectorOfTheOlderInterfaceIsReadAsItIs(Recording recording) {
        upstream.script(x -> x.answer(200, recording.type(), recording.body()));

        float[] vector = provider.embed(EmbeddingRequest.of("m", "a")).vectors().getFirst();

        JsonNode recorded = recording.json().get("embedding");
        assertThat(vector).hasSize(recorded.size()).hasSizeGreaterThan(1000);
        for (int i = 0; i < vector.length; i++) {
            assertThat(vector[i]).isEqualTo((float) recorded.get(i).doubleValue());
        }
    }

    @ParameterizedTest
    @MethodSource("chats")
    void aRecordedChatPassesThroughBothWays(Recording recording) throws IOException {
        String request = recording.request().toString();
        ChatRequest chat = ChatRequest.builder("another:7b")
                .messages(List.of(Message.user("not looked at")))
                .wire(new Wire(Wire.OLLAMA_CHAT, request))
                .build();
        upstream.script(x -> x.answer(200, recording.type(), recording.body()));
        upstream.requests().clear();

        Completion completion = provider.chat(chat);

        assertThat(completion.wire()).contains(new Wire(Wire.OLLAMA_CHAT, recording.text()));
        assertThat(RecordedAnswer.of(completion)).isEqualTo(reading(recording));
        ObjectNode expected = ((ObjectNode) recording.request().deepCopy()).put("model", "another:7b");
        assertThat(MAPPER.readTree(upstream.requests().getFirst().body())).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("chats")
    void aRecordedChatMadeAnewSaysTheSame(Recording recording) throws IOException {
        upstream.script(x -> x.answer(400, "application/json", "{}"));
        upstream.requests().clear();
        ChatRequest chat = ChatRequest.of(
                recording.request().get("model").textValue(),
                Message.user(recording.request().at("/messages/0/content").textValue()));

        assertThatThrownBy(() -> provider.chat(chat)).isInstanceOf(InvalidRequestException.class);

        ObjectNode expected = recording.request().deepCopy();
        // What says nothing is left out.
        expected.remove(List.of("format", "keep_alive"));
        assertThat(MAPPER.readTree(upstream.requests().getFirst().body())).isEqualTo(expected);
    }
}
