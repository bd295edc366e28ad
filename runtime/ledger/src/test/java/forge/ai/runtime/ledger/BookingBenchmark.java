package forge.ai.runtime.ledger;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What booking costs: {@code main FOLDER}, from one thread and from 32, synced every second. */
final class BookingBenchmark {

    private static final int ENTRIES = 200_000;

    private BookingBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "ledger");
        Settings settings = new Settings(30, 400, 1L << 30, 16 << 20, Duration.ofSeconds(1));
        try (Books books = new Books(folder, () -> settings, InstantSource.system())) {
            for (int round = 0; round < 3; round++) {
                for (int threads : new int[] {1, 32}) {
                    report(books, threads);
                }
            }
        }
    }

    private static void report(Books books, int threads) throws Exception {
        long begun = System.nanoTime();
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(Thread.ofVirtual().start(() -> {
                for (int entry = 0; entry < ENTRIES / threads; entry++) {
                    books.book(Entries.completed("key", 100, 50));
                }
            }));
        }
        while (running.stream().anyMatch(Thread::isAlive)) {
            TimeUnit.MILLISECONDS.sleep(50);
            if ((System.nanoTime() - begun) / 1_000_000 % 1000 < 60) {
                books.sync();
            }
        }
        double micros = (System.nanoTime() - begun) / 1e3 / ENTRIES;
        System.out.printf("%d threads: %.1f microseconds an entry%n", threads, micros);
    }
}
