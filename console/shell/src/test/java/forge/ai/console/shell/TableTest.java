package forge.ai.console.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

    private static final Table TABLE = new Table(
            List.of("name", "count", "reason"),
            List.of(
                    List.of("alpha", 7, "a long reason that does not fit in narrow terminals"),
                    List.of("b", 1234567, "")));

    @Test
    void columnsAreAsWideAsTheirWidestValue() {
        assertThat(TABLE.lines(Integer.MAX_VALUE))
                .containsExactly(
                        "NAME     COUNT  REASON",
                        "alpha        7  a long reason that does not fit in narrow terminals",
                        "b      1234567");
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 30, 40, 60, 67})
    void linesFitTheTerminalAndTheWidestColumnIsCutFirst(int columns) {
        List<String> lines = TABLE.lines(columns);
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
        assertThat(lines.get(1)).endsWith(columns < 67 ? "…" : "terminals");
    }

    @Test
    void numbersInTheShortestColumnsStayWhole() {
        assertThat(TABLE.lines(30).get(2)).contains("1234567");
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        Table table = new Table(List.of("name"), List.of(List.of("red\u001b[31m\nline\u009b2J")));
        assertThat(table.lines(80).get(1)).isEqualTo("red [31m line 2J");
    }

    @Test
    void charactersOutsideTheFirstPlaneCountOnce() {
        Table table = new Table(List.of("name", "x"), List.of(List.of("😀😀😀😀😀😀", "y")));
        assertThat(table.lines(7).get(1)).isEqualTo("😀😀😀…  y");
    }

    @Test
    void anInstantIsShownAsWhatHasPassedSince() {
        assertThat(Values.age(Duration.ofSeconds(59))).isEqualTo("59 s");
        assertThat(Values.age(Duration.ofMinutes(59))).isEqualTo("59 min");
        assertThat(Values.age(Duration.ofHours(47))).isEqualTo("47 h");
        assertThat(Values.age(Duration.ofHours(49))).isEqualTo("2 d");
        assertThat(Values.age(Duration.ofSeconds(-5))).isEqualTo("0 s");
        assertThat(Values.text(Instant.now().minusSeconds(7200))).isEqualTo("2 h");
    }
}
