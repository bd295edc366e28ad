package forge.ai.runtime.support.limit;

import forge.ai.api.llm.RateLimits;
import java.time.Duration;

/**
 * Counts what was used in the last minute, in slots of a second. A slot counts until the last moment of it is a minute
 * ago, so that in no minute, whenever it begins, more is let in than the limit; a token bucket would let in twice as
 * much after a pause. Used under a lock.
 */
final class SlidingWindow {

    private static final long SLOT = Duration.ofSeconds(1).toNanos();
    private static final int SLOTS = 61;

    private final long[] used = new long[SLOTS];
    private final long origin;
    private long slot;
    private long sum;

    SlidingWindow(long nanos) {
        origin = nanos;
    }

    /** Forgets what is older than a minute. */
    void advance(long nanos) {
        long now = (nanos - origin) / SLOT;
        for (long gone = Math.max(slot + 1, now - SLOTS + 1); gone <= now; gone++) {
            int at = at(gone);
            sum -= used[at];
            used[at] = 0;
        }
        slot = Math.max(slot, now);
    }

    private static int at(long slot) {
        return (int) (slot % SLOTS);
    }

    /** The slot of now, to {@link #correct} what is added to it. */
    long slot() {
        return slot;
    }

    void add(long amount) {
        used[at(slot)] += amount;
        sum += amount;
    }

    /** What was added to a slot was so much more, or less; what is more counts from now on. */
    void correct(long when, long difference) {
        if (difference > 0) {
            add(difference);
        } else if (slot - when < SLOTS) {
            used[at(when)] += difference;
            sum += difference;
        }
    }

    long sum() {
        return sum;
    }

    /** How long until no more than so much is counted, if nothing is added. */
    Duration until(long allowed, long nanos) {
        long left = sum;
        for (long old = Math.max(0, slot - SLOTS + 1); old <= slot && left > allowed; old++) {
            left -= used[at(old)];
            if (left <= allowed) {
                return Duration.ofNanos(origin + (old + SLOTS) * SLOT - nanos);
            }
        }
        return Duration.ZERO;
    }

    RateLimits.Limit state(long limit, long nanos) {
        return new RateLimits.Limit(limit, Math.max(0, limit - sum), until(0, nanos));
    }
}
