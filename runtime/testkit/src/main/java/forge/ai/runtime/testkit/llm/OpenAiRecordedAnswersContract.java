package forge.ai.runtime.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every provider that speaks OpenAI's dialect must make of recorded answers in it. */
public abstract class OpenAiRecordedAnswersContract extends RecordedAnswersContract {

    private static final Set<String> COMMON_FIELDS = Set.of(
            "id",
            "object",
            "created",
            "model",
            "choices",
            "usage",
            "index",
            "message",
            "text",
            "finish_reason",
            "logprobs",
            "role",
            "content",
            "refusal",
            "tool_calls",
            "reasoning",
            "reasoning_content");

    /** The folders of recorded chats and plain completions, such as {@code openai/chat}. */
    protected abstract String[] folders();

    /** The folders of recorded vectors in the same dialect. */
    protected abstract String[] vectorFolders();

    /** The provider's name, as it is in errors. */
    protected abstract String name();

    @Override
    protected List<Recording> answers() {
        return recordings(r -> !failed(r));
    }

    @Override
    protected RecordedAnswer reading(Recording recording) throws IOException {
        return OpenAiReading.of(recording);
    }

    List<Recording> embeddings() {
        return Recording.in(vectorFolders()).stream()
                .filter(Recording::successful)
                .toList();
    }

    List<Recording> errors() {
        return Stream.concat(
                        recordings(OpenAiRecordedAnswersContract::failed).stream(),
                        Recording.in(vectorFolders()).stream().filter(r -> !r.successful()))
                .toList();
    }

    /** Also where the error came in an answer of success. */
    private static boolean failed(Recording recording) {
        return !recording.stream() && recording.json().path("error").isObject();
    }

    private List<Recording> recordings(Predicate<Recording> which) {
        return Recording.in(folders()).stream().filter(which).toList();
    }

    @Override
    protected Completion whole(Recording recording) {
        return recording.name().contains("/completions/")
                ? provider().complete(CompletionRequest.of("m", "a"))
                : super.whole(recording);
    }

    @Override
    protected CompletionStream stream(Recording recording) {
        return recording.name().contains("/completions/")
                ? provider().streamCompletion(CompletionRequest.of("m", "a"))
                : super.stream(recording);
    }

    @Override
    protected void assertMore(Recording recording, Completion completion) {
        if (!recording.stream()) {
            JsonNode root = recording.json();
            assertExtensions(completion, root);
            assertExtensions(completion, root.at("/choices/0"));
            assertExtensions(completion, root.at("/choices/0/message"));
        }
    }

    private static void assertExtensions(Completion completion, JsonNode node) {
        node.properties().forEach(field -> {
            boolean says =
                    !field.getValue().isNull() && !field.getValue().toString().matches("\"\"|\\[]|\\{}");
            if (says && !COMMON_FIELDS.contains(field.getKey())) {
                assertThat(completion.extensions())
                        .containsEntry(field.getKey(), field.getValue().toString());
            }
        });
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("embeddings")
    void vectorsAreReadAsTheyAre(Recording recording) {
        upstream.script(x -> x.answer(200, recording.type(), recording.body()));
        JsonNode data = recording.json().get("data");
        String[] inputs = new String[data.size()];
        Arrays.fill(inputs, "a");

        Embeddings embeddings = provider().embed(EmbeddingRequest.of("m", inputs));

        assertThat(embeddings.usage().orElseThrow().inputTokens())
                .isEqualTo(recording.json().at("/usage/prompt_tokens").asLong());
        for (int i = 0; i < inputs.length; i++) {
            JsonNode vector = data.get(i).get("embedding");
            float[] read = embeddings.vectors().get(i);
            if (vector.isArray()) {
                assertThat(read).hasSize(vector.size());
                for (int d = 0; d < read.length; d++) {
                    assertThat(read[d]).isEqualTo((float) vector.get(d).doubleValue());
                }
            } else {
                // Three bytes are four characters; a vector of an embedding model has the length 1.
                assertThat(read).hasSize(vector.textValue().replace("=", "").length() * 3 / 4 / 4);
                double square = 0;
                for (float f : read) {
                    square += f * f;
                }
                assertThat(square).isBetween(0.99, 1.01);
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("errors")
    void anErrorKeepsItsMeaningAndTheVendorsWords(Recording recording) {
        upstream.script(x -> x.answer(
                recording.status(), recording.type(), recording.body(), "x-request-id: req-of-" + recording.status()));
        JsonNode error = recording.json().get("error");
        for (boolean streams : new boolean[] {false, true}) {
            ForgeException e = catchThrowableOfType(
                    ForgeException.class,
                    () -> Completion.of(streams ? stream(recording) : CompletionStream.of(whole(recording))));

            assertThat(e.code()).isEqualTo(expected(recording.status(), error));
            assertThat(e.getMessage())
                    .isEqualTo(name() + ": " + error.get("message").textValue());
            assertThat(e.details().provider()).isEqualTo(name());
            assertThat(e.details().status()).isEqualTo(recording.status());
            assertThat(e.details().requestId()).isEqualTo("req-of-" + recording.status());
            assertThat(e.details().vendorCode())
                    .isEqualTo(Stream.of(error.at("/innererror/code"), error.path("code"), error.path("type"))
                            .filter(JsonNode::isTextual)
                            .findFirst()
                            .orElseThrow()
                            .textValue());
            assertThat(e.details().parameter())
                    .isEqualTo(
                            error.path("param").isTextual() ? error.get("param").textValue() : "");
        }
    }

    private static ErrorCode expected(int status, JsonNode error) {
        return switch (status) {
            case 200 -> ErrorCode.CONTENT_FILTERED;
            case 401 -> ErrorCode.AUTHENTICATION;
            case 404 -> ErrorCode.NOT_FOUND;
            case 400 ->
                error.get("message").textValue().contains("context length")
                        ? ErrorCode.CONTEXT_LENGTH
                        : ErrorCode.INVALID_REQUEST;
            default -> throw new IllegalStateException("status " + status);
        };
    }
}
