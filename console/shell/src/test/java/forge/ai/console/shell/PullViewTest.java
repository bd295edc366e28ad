package forge.ai.console.shell;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.PullProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PullViewTest {

    private static PullProgress progress(String status, long completed, long total) {
        return new PullProgress(status, "p", completed, total < 0 ? OptionalLong.empty() : OptionalLong.of(total));
    }

    @Test
    void aBarGrowsInItsLineAndEachPartHasItsOwn() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes);
        PullView view = new PullView(new Output(out, out, 50), false);
        view.accept(progress("manifest\u001B[2J", 0, -1));
        view.accept(progress("pulling", 0, 2_500_000));
        view.accept(progress("pulling", 1_250_000, 2_500_000));
        view.accept(progress("pulling", 9_000_000, 2_500_000));
        view.accept(progress("a very long status that does not fit into the line", 1, 999));
        view.end();

        String[] lines = bytes.toString().split("\n");
        assertThat(lines).hasSize(3);
        assertThat(lines[0].strip()).isEqualTo("manifest [2J");
        assertThat(lines[1].split("\r"))
                .extracting(String::stripTrailing)
                .containsExactly(
                        "",
                        "[--------------------] 0 % of 2.5 MB pulling",
                        "[##########----------] 50 % of 2.5 MB pulling",
                        "[####################] 100 % of 2.5 MB pulling");
        assertThat(lines[2]).startsWith("\r[--------------------] 0 % of 999 B").hasSize(50);
    }
}
