package forge.ai.runtime.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageFilter;
import forge.ai.api.llm.UsageTotal;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that books is killed at any moment. */
@Timeout(120)
class KillTest {

    /** Small files, so that one ends every few entries. */
    private static final Settings SETTINGS = new Settings(30, 400, 1 << 30, 2_000, Duration.ofMillis(1));

    @TempDir
    private Path folder;

    /** The child: books from four threads until it is killed, and says of each entry that it is booked. */
    public static void main(String[] arguments) throws Exception {
        Books books = new Books(Path.of(arguments[0]), () -> SETTINGS, InstantSource.system());
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        for (int thread = 0; thread < 4; thread++) {
            String name = arguments[1] + "-" + thread;
            Thread.ofPlatform().start(() -> {
                for (int i = 0; ; i++) {
                    books.book(Entries.entry("k", name, name + "-" + i, UsageEntry.Outcome.COMPLETED, 1, 1));
                    out.println(name + "-" + i + ";");
                }
            });
        }
    }

    private Set<String> bookedUntilKilled(int run, int lines) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillTest.class.getName(),
                        folder.toString(),
                        Integer.toString(run))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Set<String> booked = new HashSet<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                // The last line may be cut.
                if (line.matches("\\d+-\\d-\\d+;")) {
                    booked.add(line.substring(0, line.length() - 1));
                }
                if (booked.size() == lines) {
                    // SIGKILL; what it still says until then counts too.
                    child.toHandle().destroyForcibly();
                }
            }
        }
        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(booked).hasSizeGreaterThanOrEqualTo(lines);
        return booked;
    }

    @Test
    void whatWasBookedOutlivesTheProcessAndNothingIsThereTwice() throws Exception {
        Random random = new Random(7);
        Set<String> booked = new HashSet<>();
        for (int run = 0; run < 5; run++) {
            booked.addAll(bookedUntilKilled(run, 1 + random.nextInt(400)));
            List<UsageEntry> entries;
            List<UsageTotal> totals;
            try (Books books = new Books(folder, () -> SETTINGS, InstantSource.system())) {
                entries = books.entries(UsageFilter.ALL, Integer.MAX_VALUE);
                totals = books.totals(UsageFilter.ALL);
            }
            List<String> names =
                    new ArrayList<>(entries.stream().map(UsageEntry::route).toList());
            assertThat(names).doesNotHaveDuplicates().containsAll(booked);
            assertThat(entries.stream().map(UsageEntry::id).toList()).doesNotHaveDuplicates();
            assertThat(totals.stream().mapToLong(UsageTotal::calls).sum()).isEqualTo(names.size());
        }
    }
}
