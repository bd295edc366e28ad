package forge.ai.runtime.support.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.LlmModel.Capability;
import forge.ai.api.llm.Reasoning;
import forge.ai.runtime.support.json.Json;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {

    @Test
    void anAnswerEndsForTheReasonThatItsWordsAndItsCallsGive() {
        assertThat(DoneReason.read("stop", false)).isEqualTo(FinishReason.STOP);
        assertThat(DoneReason.read("stop", true)).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(DoneReason.read("", false)).isEqualTo(FinishReason.STOP);
        assertThat(DoneReason.read("length", true)).isEqualTo(FinishReason.LENGTH);
        assertThat(DoneReason.read("load", false)).isEqualTo(FinishReason.OTHER);
        assertThat(DoneReason.write(FinishReason.TOOL_CALLS)).isEqualTo("stop");
        assertThat(DoneReason.write(FinishReason.LENGTH)).isEqualTo("length");
    }

    @Test
    void capabilitiesGoThereAndBack() throws Exception {
        Set<Capability> all = EnumSet.allOf(Capability.class);
        assertThat(Capabilities.write(all))
                .containsExactlyInAnyOrder("completion", "embedding", "tools", "vision", "thinking");
        assertThat(Capabilities.read(
                        Json.read("[\"vision\",\"thinking\",\"insert\",\"tools\",\"embedding\",1,\"completion\"]")))
                .isEqualTo(all);
        assertThat(Capabilities.read(Json.read("{}"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "none, false",
        "minimal, '\"low\"'",
        "low, '\"low\"'",
        "medium, '\"medium\"'",
        "high, '\"high\"'",
        "xhigh, '\"max\"'",
        "max, '\"max\"'",
        "'', true",
        "deeply, true"
    })
    void effortIsALevelThatOllamaKnows(String effort, String think) {
        assertThat(Think.write(new Reasoning(effort, OptionalInt.empty()))).isEqualTo(think);
    }

    @Test
    void aBudgetOfNothingIsNoThinking() {
        assertThat(Think.write(new Reasoning("", OptionalInt.of(0)))).isEqualTo("false");
        assertThat(Think.write(new Reasoning("", OptionalInt.of(100)))).isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false", "\"low\"", "\"medium\"", "\"high\"", "\"max\""})
    void whatAClientSaysOfThinkingGoesOnAsItWas(String think) throws Exception {
        assertThat(Think.write(Think.read(Json.read(think)).orElseThrow())).isEqualTo(think);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "1", "[]"})
    void whatSaysNothingOfThinkingIsNothing(String think) throws Exception {
        assertThat(Think.read(Json.read(think))).isEmpty();
    }
}
