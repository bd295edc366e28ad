package forge.ai.runtime.hub;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.UnavailableException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether to try again, and waits until then.
 *
 * @param retries the most failures in a row
 * @param stopped is open once nothing is to be tried any more
 */
record Patience(int retries, CountDownLatch stopped) {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 6;

    /**
     * Returns when it is time to try again.
     *
     * @param failures so many in a row, this one among them
     * @throws ForgeException the error itself, if trying again is of no use
     */
    void after(ForgeException error, int failures) {
        Duration pause = error.retryAfter().orElse(FIRST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS)));
        if (!error.code().retriable() || failures > retries || pause.compareTo(LONGEST) > 0) {
            throw error;
        }
        try {
            if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new UnavailableException("the hub's bundle is being stopped; what has come is kept");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the pull was cancelled; what has come is kept");
        }
    }
}
