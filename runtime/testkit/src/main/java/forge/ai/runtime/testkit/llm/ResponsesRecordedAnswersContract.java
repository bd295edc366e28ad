package forge.ai.runtime.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every provider that asks for responses must make of recorded ones. */
public abstract class ResponsesRecordedAnswersContract extends OpenAiRecordedAnswersContract {

    /** What vendors say about an answer beside it. */
    private static final Set<String> MORE =
            Set.of("service_tier", "billing", "content_filters", "conversation", "moderation", "tool_usage");

    @Override
    protected final String[] vectorFolders() {
        return new String[0];
    }

    @Override
    protected final List<Recording> answers() {
        return super.answers().stream()
                .filter(r -> !isWaiting(r))
                .flatMap(r -> apart(r).stream())
                .toList();
    }

    List<Recording> waiting() {
        return super.answers().stream()
                .filter(ResponsesRecordedAnswersContract::isWaiting)
                .toList();
    }

    private static boolean isWaiting(Recording recording) {
        return !recording.stream() && recording.json().path("status").asText().equals("queued");
    }

    /** Some files hold all answers of a conversation, one after the other. */
    private static List<Recording> apart(Recording recording) {
        if (!recording.stream()) {
            return List.of(recording);
        }
        List<Recording> all = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        for (String event : recording.text().split("\n\n+")) {
            body.append(event).append("\n\n");
            if (event.contains("\"type\":\"response.completed\"")) {
                all.add(new Recording(
                        recording.name() + (all.isEmpty() ? "" : " " + all.size()),
                        recording.request(),
                        recording.status(),
                        recording.type(),
                        true,
                        body.toString().getBytes(StandardCharsets.UTF_8)));
                body.setLength(0);
            }
        }
        assertThat(body.toString()).isBlank();
        return all;
    }

    @Override
    protected RecordedAnswer reading(Recording recording) throws IOException {
        return ResponsesReading.of(recording).answer();
    }

    @Override
    protected void assertMore(Recording recording, Completion completion) {
        try {
            ResponsesReading reading = ResponsesReading.of(recording);
            assertThat(completion.content().stream()
                            .filter(Content.Extension.class::isInstance)
                            .map(c -> ((Content.Extension) c).json()))
                    .containsExactlyElementsOf(reading.others());
            String annotations = completion.extensions().getOrDefault("annotations", "[]");
            assertThat(new ObjectMapper().readTree(annotations)).hasSize(reading.annotations());
            assertThat(completion.id()).isNotEmpty();
            reading.response().properties().forEach(field -> {
                JsonNode value = field.getValue();
                if (MORE.contains(field.getKey()) && !value.isNull() && !value.isEmpty() | value.isValueNode()) {
                    assertThat(completion.extensions()).containsEntry(field.getKey(), value.toString());
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("waiting")
    void anAnswerThatIsStillToComeIsNone(Recording recording) {
        upstream.script(x -> x.answer(200, recording.type(), recording.body()));

        ForgeException e = catchThrowableOfType(ForgeException.class, () -> whole(recording));

        assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(e).hasMessageContaining("queued");
    }
}
