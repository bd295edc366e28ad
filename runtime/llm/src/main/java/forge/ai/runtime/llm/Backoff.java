package forge.ai.runtime.llm;

import java.time.Duration;

/**
 * Exponential backoff with full jitter: the wait before retry n is drawn evenly from 0 to {@code base * 2^n}, at most
 * the cap, so that callers that failed together do not come back together.
 */
record Backoff(Duration base, Duration cap) {

    private static final int MOST_DOUBLINGS = 30;

    /**
     * @param retry 0 for the first
     * @param random from 0 to 1
     */
    Duration wait(int retry, double random) {
        double ceiling = Math.min(cap.toNanos(), base.toNanos() * Math.pow(2, Math.min(retry, MOST_DOUBLINGS)));
        return Duration.ofNanos((long) (ceiling * random));
    }
}
