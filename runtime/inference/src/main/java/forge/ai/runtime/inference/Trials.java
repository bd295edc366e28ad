package forge.ai.runtime.inference;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whether short requests are better computed together or each in its caller's thread, found out by trying. What waking
 * threads costs, how many callers there are behind those that are seen, and whether a second core is free, cannot be
 * learned from the times of computations. So while several callers keep the model at work, both ways take turns for
 * some milliseconds; the one by which more rows are answered is kept, and questioned now and then.
 */
final class Trials {

    /** What is measured at a time: so long and so many rows, but not longer than the third. */
    private static final long SLICE = TimeUnit.MICROSECONDS.toNanos(1500);

    private static final int ROWS = 48;
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(200);

    /** After a change of the way so long is not looked at. */
    private static final long SETTLING = TimeUnit.MILLISECONDS.toNanos(1);

    /** Slices in a turn, and turns of each way in a trial. */
    private static final int TURN = 4;

    private static final int MOST = 4;

    /** Times between two trials, in lengths of the last: few after another verdict, more while it is confirmed. */
    private static final int SOON = 4;

    private static final int LATE = 64;

    /** Computing together must be better by so much, for it makes requests wait. */
    private static final double BETTER = 1.03;

    /** Differences that end a trial after so many turns of each way. */
    private static final double[] CLEAR = {2, 1.5, 1.3};

    /** The share of the time in which the model must be at work, for there to be anything to try. */
    private static final double AT_WORK = 0.3;

    /** The share of the requests that must find others under way, for there to be anything to put together. */
    private static final double COMPANY = 0.25;

    /** So many answers are one look; a prime, or callers who take turns would look like one. */
    private static final int LOOK = 17;

    private final ReentrantLock lock = new ReentrantLock();
    private final double[][] rates = new double[2][MOST * TURN];
    private int slices;
    private int pause;
    private long trialBegan;
    private long next;
    private boolean trying;
    private boolean settling;
    private boolean verdict;
    private long began;
    private long rowsBefore;
    private long workBefore;
    private volatile long until;
    private volatile boolean together;

    /** The following are written by many threads without order: about is good enough. */
    private int came;

    private int busy;
    private int changes;
    private int answers;
    private @Nullable Thread last;

    /** @param time that of the answers */
    Trials(Time time) {
        until = time.now();
        next = until;
        began = until;
    }
    /** Whether the request that comes is to be computed together with others. */
    boolean together(boolean othersUnderWay) {
        came++;
        if (othersUnderWay) {
            busy++;
        }
        return together;
    }

    /** Takes note of an answer. */
    void answered(Time time, Counters counters) {
        if (++answers % LOOK == 0) {
            Thread me = Thread.currentThread();
            Thread before = last;
            last = me;
            if (before != null && before != me) {
                changes++;
            }
            long now = time.now();
            if (now - until >= 0 && lock.tryLock()) {
                try {
                    look(now, counters.rows(), counters.work());
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    private void look(long now, long rows, long work) {
        long took = now - began;
        long more = rows - rowsBefore;
        if (settling) {
            settling = false;
            begin(now, rows, work, SLICE);
        } else if (more >= ROWS || took >= LONGEST) {
            boolean several = together ? busy > came * COMPANY : changes > 0 && work - workBefore > took * AT_WORK;
            if (several) {
                sliceOver(more / (double) took, now);
            } else {
                trying = false;
            }
            boolean way = several && (trying ? slices / TURN % 2 == 1 : verdict);
            settling = way != together;
            together = way;
            begin(now, rows, work, settling ? SETTLING : SLICE);
        }
    }

    private void begin(long now, long rows, long work, long length) {
        began = now;
        rowsBefore = rows;
        workBefore = work;
        came = 0;
        busy = 0;
        changes = 0;
        // A thread that has gone is not held.
        last = null;
        until = now + length;
    }

    private void sliceOver(double rate, long now) {
        if (trying) {
            int turn = slices / TURN;
            rates[turn % 2][turn / 2 * TURN + slices % TURN] = rate;
            slices++;
            judge(now);
        } else if (now - next >= 0) {
            trying = true;
            trialBegan = now;
            slices = 0;
        }
    }

    private void judge(long now) {
        int turns = slices / (2 * TURN);
        if (slices % (2 * TURN) == 0) {
            double alone = usual(rates[0], turns * TURN);
            double shared = usual(rates[1], turns * TURN);
            double clear = turns == MOST ? 1 : CLEAR[turns - 1];
            if (turns == MOST || shared > alone * clear || alone > shared * clear) {
                boolean before = verdict;
                verdict = shared > alone * BETTER;
                trying = false;
                pause = verdict == before ? Math.clamp(2L * pause, SOON, LATE) : SOON;
                next = now + pause * (now - trialBegan);
            }
        }
    }

    /** The upper quartile: in the lower slices the machine was busy with something else. */
    private static double usual(double[] rates, int count) {
        double[] sorted = Arrays.copyOf(rates, count);
        Arrays.sort(sorted);
        return sorted[count * 3 / 4];
    }
}
