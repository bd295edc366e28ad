package forge.ai.itest.swap;

import java.util.concurrent.atomic.AtomicLongArray;

/** How long calls took, in steps of 5 per cent. */
final class Latencies {

    private static final double STEP = Math.log(1.05);
    private static final int BUCKETS = 400;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    void add(long nanos) {
        int bucket = (int) (Math.log(Math.max(1, nanos / 1_000.0)) / STEP);
        counts.incrementAndGet(Math.min(BUCKETS - 1, bucket));
    }

    /** The milliseconds that a share of the calls did not exceed. */
    double millis(double share) {
        long rank = (long) Math.ceil(share * count());
        long sum = 0;
        int bucket = 0;
        while (bucket < BUCKETS - 1 && (sum += counts.get(bucket)) < rank) {
            bucket++;
        }
        return Math.exp((bucket + 1) * STEP) / 1_000;
    }

    long count() {
        long sum = 0;
        for (int i = 0; i < BUCKETS; i++) {
            sum += counts.get(i);
        }
        return sum;
    }
}
