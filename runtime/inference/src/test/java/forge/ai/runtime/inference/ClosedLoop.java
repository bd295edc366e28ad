package forge.ai.runtime.inference;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;

/**
 * Callers who call again as soon as they have an answer.
 *
 * @param rate calls a second
 * @param cpu nanoseconds of CPU a call, of the whole process
 * @param p50 the median of the times of a call, in nanoseconds
 * @param p99 that of which one in a hundred is longer
 */
record ClosedLoop(double rate, double cpu, double p50, double p99) {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final int SAMPLES = 1 << 14;

    /** The median of each number; the first third of the rounds warms up. */
    static ClosedLoop middle(List<ClosedLoop> rounds) {
        List<ClosedLoop> warm = rounds.subList(rounds.size() / 3, rounds.size());
        return new ClosedLoop(
                median(warm, ClosedLoop::rate),
                median(warm, ClosedLoop::cpu),
                median(warm, ClosedLoop::p50),
                median(warm, ClosedLoop::p99));
    }

    private static double median(List<ClosedLoop> rounds, ToDoubleFunction<ClosedLoop> number) {
        return quantile(rounds.stream().mapToDouble(number).toArray(), 0.5);
    }

    private static double quantile(double[] values, double share) {
        Arrays.sort(values);
        return values.length == 0 ? Double.NaN : values[Math.min(values.length - 1, (int) (values.length * share))];
    }

    static ClosedLoop run(int callers, ThreadFactory factory, long nanos, Runnable call) throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        double[][] samples = new double[callers][SAMPLES];
        int[] counts = new int[callers];
        List<Thread> threads = new ArrayList<>();
        long cpu = SYSTEM.getProcessCpuTime();
        long began = System.nanoTime();
        for (int i = 0; i < callers; i++) {
            int caller = i;
            threads.add(factory.newThread(() -> counts[caller] = loop(call, stop, samples[caller])));
            threads.getLast().start();
        }
        TimeUnit.NANOSECONDS.sleep(nanos);
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        double took = System.nanoTime() - began;
        double used = SYSTEM.getProcessCpuTime() - cpu;
        int calls = Arrays.stream(counts).sum();
        double[] all = new double[0];
        for (int i = 0; i < callers; i++) {
            int from = all.length;
            int more = Math.min(counts[i], SAMPLES);
            all = Arrays.copyOf(all, from + more);
            System.arraycopy(samples[i], 0, all, from, more);
        }
        return new ClosedLoop(calls / took * 1e9, used / calls, quantile(all, 0.5), quantile(all, 0.99));
    }

    private static int loop(Runnable call, AtomicBoolean stop, double[] samples) {
        int count = 0;
        while (!stop.get()) {
            long began = System.nanoTime();
            call.run();
            samples[count++ % SAMPLES] = System.nanoTime() - began;
            if (Thread.currentThread().isVirtual() && count % 16 == 0) {
                // All sides alike: or the first few would keep the carriers for themselves.
                Thread.yield();
            }
        }
        return count;
    }
}
