package forge.ai.itest.swap;

import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** What became of all calls. */
final class Tally {

    private static final int SHOWN = 20;

    private final Map<String, Latencies> ofKind = new ConcurrentSkipListMap<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong wrongCount = new AtomicLong();

    void right(String kind, long nanos) {
        ofKind.computeIfAbsent(kind, k -> new Latencies()).add(nanos);
    }

    void wrong(String caller, long nanos, Exception reason) {
        if (wrongCount.incrementAndGet() <= SHOWN) {
            wrong.add("%s %s after %d ms: %s".formatted(LocalTime.now(), caller, nanos / 1_000_000, reason));
        }
    }

    long wrong() {
        return wrongCount.get();
    }

    /** The first of them. */
    List<String> reasons() {
        return List.copyOf(wrong);
    }

    long right() {
        return ofKind.values().stream().mapToLong(Latencies::count).sum();
    }

    /** The kinds of calls that succeeded at least once. */
    Set<String> kinds() {
        return ofKind.keySet();
    }

    /** Calls and latencies of each kind in one line. */
    String line() {
        return ofKind.entrySet().stream()
                .map(e -> "%s %d (p50 %.1f p99 %.1f max %.0f ms)"
                        .formatted(
                                e.getKey(),
                                e.getValue().count(),
                                e.getValue().millis(0.5),
                                e.getValue().millis(0.99),
                                e.getValue().millis(1)))
                .collect(Collectors.joining(", "));
    }
}
