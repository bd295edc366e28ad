package forge.ai.console.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import forge.ai.api.InvalidRequestException;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {

    private static final Usage CHAT = Usage.of("chat", "[--json] [--system TEXT] MODEL TEXT...", "talks");
    private static final Usage CONFIG = Usage.of("config", "[--json] [PID] [KEY=VALUE...]", "configures");

    @Test
    void itIsShownAsItWasGiven() {
        assertThat(CHAT.line()).isEqualTo("usage: ai:chat [--json] [--system TEXT] MODEL TEXT...");
        assertThat(CONFIG.line()).isEqualTo("usage: ai:config [--json] [PID] [KEY=VALUE...]");
    }

    @Test
    void optionsStandAnywhereButInWhatTakesAllThatFollows() {
        Words words = CHAT.read(List.of("--system", "be brief", "m", "--json", "what", "is", "--json"));
        assertThat(words.option("--system")).contains("be brief");
        assertThat(words.has("--json")).isTrue();
        assertThat(words.value("MODEL")).isEqualTo("m");
        assertThat(words.text("TEXT")).isEqualTo("what is --json");
    }

    @Test
    void twoHyphensEndTheOptions() {
        Words words = CHAT.read(List.of("m", "--", "--json", "--"));
        assertThat(words.has("--json")).isFalse();
        assertThat(words.text("TEXT")).isEqualTo("--json --");
    }

    @Test
    void whatMayBeLeftOutMayBeLeftOut() {
        assertThat(CONFIG.read(List.of()).all("PID")).isEmpty();
        assertThat(CONFIG.read(List.of("a", "--json")).value("PID")).isEqualTo("a");
        assertThat(CONFIG.read(List.of("a", "b=1", "c=2")).all("KEY=VALUE")).containsExactly("b=1", "c=2");
    }

    @Test
    void numbersAndTruthValuesAreWordsAsTyped() {
        assertThat(CHAT.read(List.of("m", 1.5, true, 7L)).text("TEXT")).isEqualTo("1.5 true 7");
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheUsage() {
        refused(CHAT, List.of(), "MODEL is missing");
        refused(CHAT, List.of("m"), "TEXT is missing");
        refused(CHAT, List.of("--system"), "--system needs TEXT");
        refused(CHAT, List.of("--jsn", "m", "t"), "there is no option --jsn");
        refused(CHAT, List.of("m", List.of("a", "b")), "single quotes");
        refused(Usage.of("load", "MODEL", "loads"), List.of("a", "b"), "'b' is too much");
    }

    private static void refused(Usage usage, List<?> typed, String why) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> usage.read(typed))
                .withMessageContaining(why)
                .withMessageEndingWith(usage.line());
    }

    @Test
    void thePlaceOfAWordIsKnownWhileItIsTyped() {
        assertThat(CHAT.place(List.of())).contains("MODEL");
        assertThat(CHAT.place(List.of("--json", "--system"))).contains("TEXT");
        assertThat(CHAT.place(List.of("--system", "brief"))).contains("MODEL");
        assertThat(CHAT.place(List.of("m", "a", "b"))).contains("TEXT");
        assertThat(Usage.of("load", "MODEL", "loads").place(List.of("m"))).isEmpty();
        assertThat(CHAT.optionsBeside(List.of("--json"))).containsExactly("--system");
    }
}
