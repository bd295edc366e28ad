package forge.ai.runtime.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What happens to choices when the disk is full and when the process is killed, in processes of their own. */
class StateFaultsTest extends RepositoryTest {

    private Process begin(int first, String before) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "-c",
                before + "exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Its file would be the first that is too large.
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LabellingProcess.class.getName(),
                home.toString(),
                Integer.toString(first)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int number(String line) {
        return Integer.parseInt(line.substring(line.indexOf(' ') + 1));
    }

    @Test
    void aFullDiskRefusesAChoiceAndKeepsThoseBefore() throws Exception {
        assumeThat(Files.exists(Path.of("/bin/bash"))).as("there is bash").isTrue();
        writeLongAgo("one/1/model.number", "1");
        Process process = begin(0, "ulimit -f 2; ");
        List<String> lines;
        try (BufferedReader out = process.inputReader()) {
            lines = out.lines()
                    .filter(line -> line.matches("(done|refused|kept) .*"))
                    .toList();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        int done = (int) lines.stream().filter(line -> line.startsWith("done")).count();
        assertThat(done).isGreaterThan(5);
        assertThat(lines).anyMatch(line -> line.contains("cannot keep the choice"));
        int kept = number(lines.getLast());
        assertThat(kept).isBetween(done, done + 1);
        assertThat(home.resolve("data")).isDirectoryNotContaining("glob:**.next");
        start(Map.of());
        assertThat(registry.config("one").labels()).hasSize(kept);
    }

    @Test
    void aKillAtAnyMomentLosesNoChoiceThatWasMade() throws Exception {
        assumeThat(Files.exists(Path.of("/bin/bash"))).as("there is bash").isTrue();
        writeLongAgo("one/1/model.number", "1");
        Set<Integer> done = new TreeSet<>();
        int begun = -1;
        for (int round = 0; round < 3; round++) {
            Process process = begin(begun + 1, "");
            try (BufferedReader out = process.inputReader()) {
                long moment = 0;
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.startsWith("done")) {
                        done.add(number(line));
                        moment = moment == 0
                                ? System.nanoTime()
                                        + ThreadLocalRandom.current().nextLong(50_000_000)
                                : moment;
                    } else if (line.startsWith("begun")) {
                        begun = number(line);
                    }
                    if (moment != 0 && System.nanoTime() > moment) {
                        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000));
                        // By its handle, which leaves what it wrote to be read.
                        process.toHandle().destroyForcibly();
                    }
                }
            }
            process.waitFor();
            assertThat(process.exitValue()).isEqualTo(128 + 9);
            assertThat(done).isNotEmpty();
            start(Map.of());
            assertThat(registry.config("one").labels().keySet())
                    .containsAll(done.stream().map(number -> "label-" + number).toList());
            Map<String, Integer> traffic = registry.config("one").serving().traffic();
            int last = traffic.values().iterator().next() - 1;
            assertThat(last).isBetween(Collections.max(done), begun);
            registry.load("one");
            assertThat(sum("one", ANY)).isEqualTo(1);
            registry.deactivate();
        }
    }
}
