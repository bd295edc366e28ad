package forge.ai.runtime.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageEntry.Outcome;
import forge.ai.api.llm.UsageFilter;
import forge.ai.api.llm.UsageTotal;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BooksTest {

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-03-10T10:00:00Z");
    private Settings settings = new Settings(30, 400, 1 << 30, 1 << 20, Duration.ZERO);

    private Books open() throws IOException {
        return new Books(folder, () -> settings, () -> now);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static long calls(List<UsageTotal> totals) {
        return totals.stream().mapToLong(UsageTotal::calls).sum();
    }

    @Test
    void anEntryIsReadAsItWasBooked() throws Exception {
        try (Books books = open()) {
            for (Outcome outcome : Outcome.values()) {
                books.book(Entries.entry("k", "ümläut", outcome, 10, 20));
            }
            List<UsageEntry> entries = books.entries(UsageFilter.ALL, 10);
            assertThat(entries)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, Outcome.values().length)
                            .mapToObj(id -> Entries.entry("k", "ümläut", Outcome.values()[(int) id - 1], 10, 20)
                                    .booked(id, now))
                            .toList()
                            .reversed());
            assertThat(books.totals(UsageFilter.ALL))
                    .containsExactly(new UsageTotal(
                            "provider",
                            "ümläut",
                            "k",
                            5,
                            2,
                            1,
                            1,
                            1,
                            new Usage(50, 100, 15, 10, 5),
                            new BigDecimal("0.000617250000")));
        }
    }

    @Test
    void whatWasBookedIsThereAfterARestartAndNumbersGoOn() throws Exception {
        try (Books books = open()) {
            books.book(Entries.completed("a", 1, 2));
            books.book(Entries.completed("b", 3, 4));
        }
        try (Books books = open()) {
            books.book(Entries.completed("a", 5, 6));
            assertThat(books.entries(UsageFilter.ALL, 10))
                    .extracting(UsageEntry::id)
                    .containsExactly(3L, 2L, 1L);
            assertThat(books.totals(UsageFilter.ALL.withKey("a")))
                    .singleElement()
                    .satisfies(total -> assertThat(total.usage()).isEqualTo(new Usage(6, 8, 6, 4, 2)));
        }
    }

    @Test
    void anEntryThatIsNotWholeIsPutAsideAndTheOthersStay() throws Exception {
        try (Books books = open()) {
            books.book(Entries.completed("a", 1, 2));
            books.book(Entries.completed("a", 3, 4));
        }
        Path file = folder.resolve("entries-20260310-000001.log");
        byte[] bytes = Files.readAllBytes(file);
        for (int cut = bytes.length - 1; cut > bytes.length - 150; cut -= 7) {
            Files.write(file, Arrays.copyOf(bytes, cut));
            try (Books books = open()) {
                assertThat(calls(books.totals(UsageFilter.ALL))).isEqualTo(1);
                books.book(Entries.completed("a", 5, 6));
                assertThat(books.entries(UsageFilter.ALL, 10))
                        .extracting(e -> e.usage().inputTokens())
                        .containsExactly(5L, 1L);
            }
        }
        assertThat(files()).contains("entries-20260310-000001.log.damaged");
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        try (Books books = open()) {
            assertThat(calls(books.totals(UsageFilter.ALL))).isEqualTo(1);
        }
    }

    @Test
    void partsOfADayAreCountedFromItsEntriesAndDaysFromTheirSums() throws Exception {
        try (Books books = open()) {
            books.book(Entries.completed("a", 1, 0));
            now = now.plus(Duration.ofHours(2));
            books.book(Entries.completed("a", 10, 0));
            now = now.plus(Duration.ofDays(1));
            books.book(Entries.completed("a", 100, 0));
            Instant eleven = Instant.parse("2026-03-10T11:00:00Z");
            Instant midnight = Instant.parse("2026-03-11T00:00:00Z");
            assertThat(input(books, UsageFilter.ALL)).isEqualTo(111);
            assertThat(input(books, UsageFilter.ALL.withFrom(eleven))).isEqualTo(110);
            assertThat(input(books, UsageFilter.ALL.withTo(eleven))).isEqualTo(1);
            assertThat(input(books, UsageFilter.ALL.withFrom(midnight))).isEqualTo(100);
            assertThat(input(books, UsageFilter.ALL.withTo(midnight))).isEqualTo(11);
            assertThat(input(books, UsageFilter.ALL.withKey("other"))).isZero();
            assertThat(books.entries(UsageFilter.ALL.withTo(eleven), 10)).hasSize(1);
            assertThat(books.entries(UsageFilter.ALL, 2))
                    .extracting(UsageEntry::id)
                    .containsExactly(3L, 2L);
        }
    }

    private static long input(Books books, UsageFilter filter) throws IOException {
        return books.totals(filter).stream()
                .mapToLong(total -> total.usage().inputTokens())
                .sum();
    }

    @Test
    void entriesAreKeptWithinTheirLimitsAndTheirSumsLonger() throws Exception {
        settings = new Settings(2, 5, 1 << 30, 400, Duration.ZERO);
        try (Books books = open()) {
            for (int day = 0; day < 10; day++) {
                for (int i = 0; i < 8; i++) {
                    books.book(Entries.completed("a", 1, 1));
                }
                now = now.plus(Duration.ofDays(1));
            }
            assertThat(calls(books.totals(UsageFilter.ALL))).isEqualTo(6 * 8);
            assertThat(books.entries(UsageFilter.ALL, 1000)).hasSize(3 * 8);
        }
        assertThat(files()).noneMatch(name -> name.contains("20260310") || name.contains("entries-20260316"));
        settings = new Settings(2, 5, 1000, 400, Duration.ZERO);
        try (Books books = open()) {
            assertThat(calls(books.totals(UsageFilter.ALL))).isEqualTo(6 * 8);
            books.prune();
            assertThat(books.entries(UsageFilter.ALL, 1000)).hasSizeBetween(1, 8);
            assertThat(calls(books.totals(UsageFilter.ALL))).isEqualTo(5 * 8);
        }
        try (Books books = open()) {
            assertThat(calls(books.totals(UsageFilter.ALL))).isEqualTo(5 * 8);
        }
    }

    @Test
    void sumsThatAreDamagedAreMadeAnewFromTheEntries() throws Exception {
        try (Books books = open()) {
            books.book(Entries.completed("a", 7, 1));
            now = now.plus(Duration.ofDays(1));
            books.book(Entries.completed("a", 7, 1));
        }
        Files.write(folder.resolve("sums-20260310.log"), new byte[] {1, 2, 3}, StandardOpenOption.TRUNCATE_EXISTING);
        try (Books books = open()) {
            assertThat(input(books, UsageFilter.ALL)).isEqualTo(14);
        }
    }

    @Test
    void manyAtOnceBookEachEntryOnce() throws Exception {
        settings = new Settings(30, 400, 1 << 30, 20_000, Duration.ZERO);
        try (Books books = open()) {
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int caller = 0; caller < 64; caller++) {
                    String key = "k" + caller;
                    executor.submit(() -> {
                        for (int i = 0; i < 100; i++) {
                            books.book(Entries.completed(key, i, 1));
                            // An interrupt, as a cancelled call has it, must not harm the file.
                            Thread.currentThread().interrupt();
                        }
                    });
                }
            }
            List<UsageEntry> entries = books.entries(UsageFilter.ALL, 10_000);
            Set<Long> ids = new HashSet<>(entries.stream().map(UsageEntry::id).toList());
            assertThat(entries).hasSize(6400);
            assertThat(ids).hasSize(6400);
            assertThat(input(books, UsageFilter.ALL)).isEqualTo(64 * 4950);
        }
        assertThat(files().size()).isGreaterThan(10);
        try (Books books = open()) {
            assertThat(input(books, UsageFilter.ALL)).isEqualTo(64 * 4950);
        }
    }
}
