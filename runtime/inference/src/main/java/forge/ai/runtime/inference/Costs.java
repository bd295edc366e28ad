package forge.ai.runtime.inference;

import forge.ai.api.TimedOutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What computations of a model version take, learned from those made: a fixed part and one for each row. For each
 * power of two of rows it keeps the lower quartile of the times, which a busy machine does not raise.
 */
final class Costs {

    /** A computation so short may block its caller's thread, in nanoseconds. */
    static final long BRIEF = 200_000;

    /** A fixed part below this share of a row's time is not worth waiting for. */
    private static final double WORTH = 0.3;

    private static final int SIZES = 16;
    private static final int ENOUGH = 4;
    private static final int TRIALS = 256;
    private static final int LET_THROUGH = 32;
    private static final long FORGET = TimeUnit.SECONDS.toNanos(60);

    private final ReentrantLock lock = new ReentrantLock();
    private final long[] seen = new long[SIZES];
    private final double[] nanos = new double[SIZES];
    private final double[] rows = new double[SIZES];
    private long trials;
    private int smallest = SIZES;
    private long learnedAt;
    private volatile double single = Double.NaN;
    private volatile double perRow = Double.NaN;
    private volatile boolean tried;
    private volatile boolean singleUnknown;

    /** Written by many threads without order: about every so many is often enough. */
    private int refused;

    /** Notes one computation. Does nothing while another one is being noted: some are enough. */
    void note(int size, long took, long now) {
        if (lock.tryLock()) {
            try {
                learn(Math.max(1, size), took, now);
            } finally {
                lock.unlock();
            }
        }
    }

    private void learn(int size, long took, long now) {
        if (now - learnedAt > FORGET) {
            learnedAt = now;
            forgetBatches();
        }
        int slot = slot(size);
        boolean first = seen[slot]++ == 0;
        if (first) {
            nanos[slot] = took;
            rows[slot] = size;
        } else {
            rows[slot] += (size - rows[slot]) / Math.min(seen[slot], 64);
            nanos[slot] = seen[slot] <= 2 * ENOUGH ? Math.min(nanos[slot], took) : quartile(nanos[slot], took);
        }
        derive();
    }

    private static int slot(int size) {
        return Math.min(SIZES - 1, Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size) - 1));
    }

    /** Up a third of the way that it goes down: at rest where a quarter of the times is below. */
    private static double quartile(double before, long took) {
        return took < before ? before * 0.97 : before * 1.01;
    }

    private void forgetBatches() {
        for (int slot = 1; slot < SIZES; slot++) {
            seen[slot] = 0;
        }
        trials = 0;
        tried = false;
        perRow = Double.NaN;
    }

    private void derive() {
        int least = next(0);
        int most = SIZES - 1;
        while (most > least && seen[most] < ENOUGH) {
            most--;
        }
        if (most > least) {
            perRow = (nanos[most] - nanos[least]) / (rows[most] - rows[least]);
        }
        singleUnknown = least < SIZES && smallest < least;
        if (least < SIZES) {
            single = Double.isNaN(perRow) ? nanos[least] : nanos[least] - (rows[least] - 1) * Math.max(0, perRow);
        }
    }

    private int next(int slot) {
        int found = slot;
        while (found < SIZES && seen[found] < ENOUGH) {
            found++;
        }
        return found;
    }

    /** Takes note that a request of so many rows could have been computed together with others. */
    void trial(int request) {
        if (!tried && lock.tryLock()) {
            try {
                smallest = Math.min(smallest, slot(request));
                tried = ++trials >= TRIALS;
            } finally {
                lock.unlock();
            }
        }
    }

    /** About how long so many rows take, in nanoseconds; not a number while that is not known. */
    private double expected(int size) {
        double row = Double.isNaN(perRow) ? single : Math.max(0, perRow);
        return single + (Math.max(1, size) - 1) * row;
    }

    /** Whether so many rows are known to be computed within a moment. */
    boolean brief(int size) {
        return expected(size) < BRIEF;
    }

    /** Whether so many rows are known to be computed within this time. */
    boolean within(int size, Duration limit) {
        return expected(size) < limit.toNanos();
    }

    /**
     * Throws if there is clearly not enough time. Now and then one is let through all the same: what was learned may be
     * true no more.
     */
    void checkTime(String name, int size, Limit limit) {
        if (limit.limited() && limit.left(limit.time().now()) < expected(size) / 2 && ++refused % LET_THROUGH != 0) {
            throw new TimedOutException(
                    "%s takes about %.1f ms to compute this, which is more than was left of the %d ms"
                            .formatted(name, expected(size) / 1e6, limit.nanos() / 1_000_000));
        }
    }

    /** Whether computing together saves more than waiting costs; where it is not known yet, it is tried for a while. */
    boolean batchingPays() {
        double row = perRow;
        if (Double.isNaN(row)) {
            // Where all come at once there are only large ones; then some are made alone, to compare with.
            return !tried && !singleUnknown;
        }
        double fixed = single - row;
        return fixed > WORTH * single;
    }
}
