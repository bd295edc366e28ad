package forge.ai.console.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GreetingTest {

    @Test
    void itSaysWhatIsWanted() throws IOException {
        assertThat(Greeting.parse("exec 0 %2F")).isEqualTo(new Greeting.Exec(0, Path.of("/")));
        assertThat(Greeting.parse("shell 80 24 xterm-256color %2F"))
                .isEqualTo(new Greeting.Shell(80, 24, "xterm-256color", Path.of("/")));
    }

    @Test
    void aTypeThatIsNoNameOfATerminalIsNotHandedOn() throws IOException {
        assertThat(Greeting.parse("shell 80 24 --help %2F"))
                .isEqualTo(new Greeting.Shell(80, 24, "ansi", Path.of("/")));
        assertThat(Greeting.parse("shell 80 24 ../x %2F")).isEqualTo(new Greeting.Shell(80, 24, "ansi", Path.of("/")));
    }

    @Test
    void aFolderThatIsNotThereIsThatOfTheRuntime() throws IOException {
        assertThat(Greeting.parse("exec 80 %2Fno%2Fsuch").folder())
                .isEqualTo(Path.of("").toAbsolutePath());
        assertThat(Greeting.parse("exec 80 relative").folder())
                .isEqualTo(Path.of("").toAbsolutePath());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "exec", "exec x %2F", "exec -1 %2F", "exec 99999 %2F", "exec 80 %", "exec 80 %00", "shell 80"
            })
    void whatIsWrongIsRefused(String line) {
        assertThatIOException().isThrownBy(() -> Greeting.parse(line));
    }
}
