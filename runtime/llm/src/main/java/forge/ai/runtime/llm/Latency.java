package forge.ai.runtime.llm;

import java.util.function.LongSupplier;

/**
 * A moving average of times, the last one weighing a fifth. It halves with every ten seconds without a call, so that
 * what was slow once is tried again.
 */
final class Latency {

    private static final double WEIGHT = 0.2;
    private static final double HALF_LIFE_NANOS = 10e9;

    private final LongSupplier nanos;
    private double average;
    private long at;

    Latency(LongSupplier nanos) {
        this.nanos = nanos;
        this.at = nanos.getAsLong();
    }

    synchronized void add(long time) {
        average = average == 0 ? time : average + WEIGHT * (time - average);
        at = nanos.getAsLong();
    }

    /** Nanoseconds; 0 where there was no call yet. */
    synchronized double estimate() {
        return average * Math.pow(0.5, (nanos.getAsLong() - at) / HALF_LIFE_NANOS);
    }
}
