package forge.ai.runtime.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every provider must make of the answers that its vendor once gave, sent again over HTTP: the same as an
 * independent reading, in whatever pieces they come, and never an end where there was none.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RecordedAnswersContract {

    /** Sends the recordings; there from the beginning, so that a provider can be made for it by a field. */
    protected final ScriptedUpstream upstream = new ScriptedUpstream();

    /** A provider for {@link #upstream}. */
    protected abstract LlmProvider provider();

    /** The recorded answers that are no errors, whole ones and streams. */
    protected abstract List<Recording> answers();

    /** What a recording says, read by other means than the provider's. */
    protected abstract RecordedAnswer reading(Recording recording) throws IOException;

    /** How its streams come. */
    protected StreamFormat format() {
        return StreamFormat.SSE;
    }

    /** Asks for the answer; for others than chats to be overridden. */
    protected Completion whole(Recording recording) {
        return provider().chat(ChatRequest.of("m", Message.user("a")));
    }

    /** Asks for the answer as a stream; for others than chats to be overridden. */
    protected CompletionStream stream(Recording recording) {
        return provider().streamChat(ChatRequest.of("m", Message.user("a")));
    }

    /** What else is to be expected of the answer to a recording. */
    protected void assertMore(Recording recording, Completion completion) throws IOException {}

    @AfterAll
    void closeUpstream() {
        upstream.close();
    }

    List<Recording> wholes() {
        return answers().stream().filter(r -> !r.stream()).toList();
    }

    List<Recording> streams() {
        return answers().stream().filter(Recording::stream).toList();
    }

    @ParameterizedTest
    @MethodSource("wholes")
    void aWholeAnswerIsReadWithoutLoss(Recording recording) throws IOException {
        upstream.script(x -> x.answer(200, recording.type(), recording.body()));

        Completion completion = whole(recording);

        assertThat(RecordedAnswer.of(completion)).isEqualTo(reading(recording));
        assertMore(recording, completion);
    }

    @ParameterizedTest
    @MethodSource("wholes")
    void whatNobodyKnowsOfAWholeAnswerIsNoHindrance(Recording recording) throws IOException {
        String more = recording.text().replaceFirst("\\{", "{\"something_new\":{\"deep\":[1,null,\"x\"]},");
        upstream.script(x -> x.answer(200, recording.type(), more.getBytes(StandardCharsets.UTF_8)));

        assertThat(RecordedAnswer.of(whole(recording))).isEqualTo(reading(recording));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("streams")
    void aStreamIsReadWithoutLossHoweverItIsCut(Recording recording) throws IOException {
        RecordedAnswer expected = reading(recording);
        for (int size : new int[] {recording.body().length, 1021, 61, 7, 1}) {
            answerInPiecesOf(size, recording.body(), recording.type());

            Completion completion = Completion.of(stream(recording));

            assertThat(RecordedAnswer.of(completion)).as("pieces of %d", size).isEqualTo(expected);
            assertMore(recording, completion);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("streams")
    void aStreamSaysTheSameInOtherBytes(Recording recording) throws IOException {
        RecordedAnswer expected = reading(recording);
        for (Map.Entry<String, byte[]> variant :
                format().variants(recording.body()).entrySet()) {
            answerInPiecesOf(61, variant.getValue(), recording.type());

            assertThat(RecordedAnswer.of(Completion.of(stream(recording))))
                    .as(variant.getKey())
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("streams")
    void aStreamThatIsCutShortIsNeverTakenForWhole(Recording recording) {
        for (int cut : format().cuts(recording.body())) {
            answerInPiecesOf(4096, Arrays.copyOf(recording.body(), cut), recording.type());

            ForgeException e = catchThrowableOfType(ForgeException.class, () -> Completion.of(stream(recording)));

            assertThat(e).as("cut at %d of %d", cut, recording.body().length).isNotNull();
            assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL);
        }
    }

    /** All pieces at once: a reader gets no more than a piece at a time all the same. */
    private void answerInPiecesOf(int size, byte[] body, String type) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int from = 0; from < body.length; from += size) {
            int length = Math.min(size, body.length - from);
            chunks.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunks.write(body, from, length);
            chunks.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        upstream.script(x -> {
            x.begin(200, type);
            x.raw(chunks.toByteArray());
            x.end();
        });
    }
}
