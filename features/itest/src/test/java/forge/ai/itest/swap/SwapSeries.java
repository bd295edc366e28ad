package forge.ai.itest.swap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Swaps several things side by side, each one swap after the other. */
final class SwapSeries {

    private final Map<String, Swaps> all;
    private int done;

    SwapSeries(Map<String, Swaps> all) {
        this.all = all;
    }

    /** Swaps each of them so many times; gives how long the swaps of each took. */
    Map<String, SwapTimes> run(int times) throws Exception {
        Map<String, SwapTimes> took = new TreeMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, Future<List<Duration>>> series = new TreeMap<>();
            all.forEach((name, swaps) -> series.put(name, threads.submit(series(swaps, done + 1, done + times))));
            for (Map.Entry<String, Future<List<Duration>>> each : series.entrySet()) {
                took.put(each.getKey(), SwapTimes.of(each.getValue().get()));
            }
        }
        done += times;
        return took;
    }

    private static Callable<List<Duration>> series(Swaps swaps, int from, int to) {
        return () -> {
            List<Duration> took = new ArrayList<>();
            for (int number = from; number <= to; number++) {
                took.add(swaps.swap(number));
            }
            return took;
        };
    }
}
