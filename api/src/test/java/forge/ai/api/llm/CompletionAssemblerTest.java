package forge.ai.api.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.ProtocolException;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.CompletionEvent.Started;
import forge.ai.api.llm.CompletionEvent.TextDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingSignature;
import forge.ai.api.llm.CompletionEvent.ToolCallDelta;
import forge.ai.api.llm.CompletionEvent.ToolCallStarted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompletionAssemblerTest {

    private static Completion assemble(CompletionEvent... events) {
        CompletionAssembler assembler = new CompletionAssembler();
        for (CompletionEvent event : events) {
            assembler.add(event);
        }
        return assembler.completion();
    }

    private static final Started STARTED = new Started("id", "m");
    private static final Finished FINISHED = new Finished(FinishReason.STOP, Optional.of(Usage.of(1, 2)));

    @Test
    void interleavedCallsKeepTheirPlacesAndArguments() {
        Completion completion = assemble(
                STARTED,
                new TextDelta("Let me "),
                new TextDelta("see."),
                new ToolCallStarted(0, "a", "add"),
                new ToolCallStarted(1, "b", "now"),
                new ToolCallDelta(0, "{\"x\":"),
                new ToolCallDelta(0, "1}"),
                FINISHED);
        assertThat(completion.content())
                .containsExactly(
                        new Content.Text("Let me see."),
                        new Content.ToolCall("a", "add", "{\"x\":1}"),
                        new Content.ToolCall("b", "now", "{}"));
    }

    @Test
    void aSignatureEndsItsThought() {
        Completion completion = assemble(
                STARTED,
                new ThinkingDelta("one"),
                new ThinkingSignature("s1"),
                new ThinkingDelta("two"),
                new ThinkingSignature("s2"),
                new TextDelta("said"),
                FINISHED);
        assertThat(completion.content())
                .containsExactly(
                        new Content.Thinking("one", "s1", ""),
                        new Content.Thinking("two", "s2", ""),
                        new Content.Text("said"));
    }

    @Test
    void aWholeAnswerSurvivesBeingStreamed() {
        Completion completion = new Completion(
                "id",
                "m",
                List.of(
                        new Content.Thinking("t", "s", ""),
                        new Content.Text("text"),
                        new Content.ToolCall("a", "add", "{}"),
                        new Content.Refusal("no")),
                FinishReason.TOOL_CALLS,
                "END",
                Optional.of(Usage.of(3, 4)),
                List.of(new TokenLogprob("text", -0.5, List.of())),
                Map.of("k", "1"),
                Optional.empty(),
                Optional.empty());
        assertThat(Completion.of(CompletionStream.of(completion))).isEqualTo(completion);
    }

    @Test
    void aTruncatedStreamIsNotAnAnswer() {
        assertThatThrownBy(() -> assemble(STARTED, new TextDelta("half"))).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> assemble(STARTED, new ToolCallDelta(3, "{}")))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("tool call 3");
        assertThatThrownBy(() -> assemble(STARTED, FINISHED, new TextDelta("more")))
                .isInstanceOf(ProtocolException.class);
    }
}
