package forge.ai.provider.local;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionAssembler;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.CompletionEvent.TextDelta;
import forge.ai.api.llm.CompletionEvent.ToolCallDelta;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.provider.local.AnswerForm.Calls;
import forge.ai.provider.local.AnswerForm.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What models write, cut into pieces in every way, is told apart alike. */
class AnswerFormTest {

    private static final Kind TAGGED = new Kind(Calls.TAGGED, true, Set.of("f", "g"));
    private static final Kind LISTED = new Kind(Calls.LISTED, false, Set.of("f", "g"));
    private static final Kind BARE = new Kind(Calls.BARE, false, Set.of("f", "g"));

    /** An answer and what is in it: texts as they are, thoughts after {@code ?}, calls after {@code !}. */
    record Case(Kind kind, String prompt, String written, List<String> content) {
        Case(Kind kind, String written, String... content) {
            this(kind, "", written, List.of(content));
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(Kind.PLAIN, " <think> is <tool_call> text ", " <think> is <tool_call> text "),
                new Case(TAGGED, "<think>\nLet me see.\n</think>\n\nIt is 4.\n", "?Let me see.", "It is 4.\n"),
                new Case(
                        TAGGED,
                        "user\n<think>\n",
                        "Let me see.\n</think>\n\nIt < is 4.",
                        List.of("?Let me see.", "It < is 4.")),
                new Case(TAGGED, "<think>\n\n</think>\n\nYes.", "Yes."),
                new Case(TAGGED, "<think>never ends", "?never ends"),
                new Case(
                        TAGGED,
                        "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": [1, {\"b\": \"}\\\"]\"}], \"c\": \"ü\"}}\n</tool_call>",
                        "!f {\"a\": [1, {\"b\": \"}\\\"]\"}], \"c\": \"ü\"}"),
                new Case(
                        TAGGED,
                        "<think>\nTwo.\n</think>\n\nI call both.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>\n"
                                + "<tool_call>\n{\"arguments\": {\"x\": 1}, \"name\": \"g\"}\n</tool_call>",
                        "?Two.",
                        "I call both.",
                        "!f {}",
                        "!g {\"x\": 1}"),
                new Case(TAGGED, "<tool_call>{\"name\": \"f\"}</tool_call>", "!f {}"),
                new Case(
                        TAGGED,
                        "<tool_call>{\"name\": \"f\", \"arguments\": \"{\\\"a\\\": 1}\"}</tool_call>",
                        "!f {\"a\": 1}"),
                new Case(TAGGED, "<tool_call>{\"nam", "{\"nam"),
                new Case(TAGGED, "a <tool_cal b", "a <tool_cal b"),
                new Case(
                        LISTED,
                        "[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"a\": 1}, \"id\": \"abc\"}, {\"name\": \"g\", "
                                + "\"arguments\": {}}]",
                        "!f {\"a\": 1}",
                        "!g {}"),
                new Case(LISTED, "[TOOL_CALLS]f[ARGS]{\"a\": {\"b\": 1}}", "!f {\"a\": {\"b\": 1}}"),
                new Case(LISTED, "First. [TOOL_CALLS]f{\"a\": 1}[TOOL_CALLS]g{}", "First.", "!f {\"a\": 1}", "!g {}"),
                new Case(BARE, "{\"name\": \"f\", \"parameters\": {\"a\": \"b\"}}", "!f {\"a\": \"b\"}"),
                new Case(BARE, "<|python_tag|>{\"name\": \"f\", \"parameters\": {}}", "!f {}"),
                new Case(
                        BARE,
                        "{\"name\": \"f\", \"parameters\": {}}; {\"name\": \"g\", \"parameters\": {\"a\": 1}}",
                        "!f {}",
                        "!g {\"a\": 1}"),
                new Case(BARE, "{\"answer\": 4}", "{\"answer\": 4}"),
                new Case(BARE, "{\"name\": \"Bob\", \"age\": 4}", "{\"name\": \"Bob\", \"age\": 4}"),
                new Case(BARE, "No {\"name\": \"f\"} here.", "No {\"name\": \"f\"} here."));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void partsAreToldApartHoweverTheTextIsCut(Case one) {
        assertThat(shown(read(one, List.of(one.written())))).isEqualTo(one.content());
        List<String> characters =
                one.written().codePoints().mapToObj(Character::toString).toList();
        assertThat(shown(read(one, characters))).isEqualTo(one.content());
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            List<String> pieces = new ArrayList<>();
            for (int at = 0; at < one.written().length(); ) {
                int to = Math.min(one.written().length(), at + 1 + random.nextInt(12));
                pieces.add(one.written().substring(at, to));
                at = to;
            }
            assertThat(shown(read(one, pieces))).isEqualTo(one.content());
        }
    }

    @Test
    void argumentsComeAsTheyAreWritten() {
        AnswerForm form = new AnswerForm(TAGGED, "", new Random(1));
        List<CompletionEvent> events = new ArrayList<>();
        form.add(new TextDelta("<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"lo"), events::add);
        form.add(new TextDelta("ng\"}"), events::add);

        assertThat(events)
                .filteredOn(ToolCallDelta.class::isInstance)
                .containsExactly(new ToolCallDelta(0, "{\"a\": \"lo"), new ToolCallDelta(0, "ng\"}"));
        assertThat(form.called()).isFalse();
    }

    private static Completion read(Case one, List<String> pieces) {
        AnswerForm form = new AnswerForm(one.kind(), one.prompt(), new Random(1));
        CompletionAssembler assembler = new CompletionAssembler();
        assembler.add(new CompletionEvent.Started("", "m"));
        pieces.forEach(piece -> form.add(new TextDelta(piece), assembler::add));
        form.finish(assembler::add);
        assembler.add(new Finished(FinishReason.STOP, Optional.empty()));
        return assembler.completion();
    }

    private static List<String> shown(Completion completion) {
        return completion.content().stream()
                .map(content -> switch (content) {
                    case Content.Text text -> text.text();
                    case Content.Thinking thought -> "?" + thought.text();
                    case Content.ToolCall call -> "!" + call.name() + " " + call.arguments();
                    default -> content.toString();
                })
                .toList();
    }
}
