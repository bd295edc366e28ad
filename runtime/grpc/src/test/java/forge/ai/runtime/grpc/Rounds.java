package forge.ai.runtime.grpc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Does one thing over and over again in some threads. */
final class Rounds {

    private static final int KEPT = 200_000;

    private Rounds() {}

    /**
     * What was measured.
     *
     * @param rate of calls a second
     * @param middle the median of their times in microseconds
     * @param high the 99th percentile of these
     */
    record Outcome(double rate, double middle, double high) {}

    static Outcome run(int callers, long millis, Runnable call) throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        LongAdder calls = new LongAdder();
        List<double[]> times = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            double[] mine = new double[KEPT];
            times.add(mine);
            threads.add(Thread.ofPlatform().start(() -> {
                int count = 0;
                while (!stop.get()) {
                    long began = System.nanoTime();
                    call.run();
                    mine[count++ % KEPT] = System.nanoTime() - began;
                }
                calls.add(count);
            }));
        }
        long began = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(millis);
        stop.set(true);
        double took = System.nanoTime() - began;
        for (Thread thread : threads) {
            thread.join();
        }
        double[] all = times.stream()
                .flatMapToDouble(Arrays::stream)
                .filter(t -> t > 0)
                .sorted()
                .toArray();
        return new Outcome(calls.sum() / took * 1e9, all[all.length / 2] / 1e3, all[all.length * 99 / 100] / 1e3);
    }
}
