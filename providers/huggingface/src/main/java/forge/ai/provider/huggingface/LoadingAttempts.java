package forge.ai.provider.huggingface;

import forge.ai.api.ForgeException;
import forge.ai.runtime.support.attempt.Attempts;
import java.time.Duration;
import java.util.Optional;

/**
 * The attempts at one call: while the model is being loaded, and will be there in time as far as the vendor knows, it is
 * asked again. An attempt is what is left of the time, zero for no limit.
 */
final class LoadingAttempts implements Attempts<Duration> {

    /** The vendor says how long it will take only roughly, so it is asked more often. */
    private static final Duration MOST = Duration.ofSeconds(5);

    private static final Duration LEAST = Duration.ofMillis(100);
    private static final int SERVICE_UNAVAILABLE = 503;

    private final Duration limit;
    private final long begun = System.nanoTime();

    /** @param limit for all attempts and the waits between them, zero for none */
    LoadingAttempts(Duration limit) {
        this.limit = limit;
    }

    @Override
    public Duration next() {
        Duration left = left();
        return limit.isZero() || left.isPositive() ? left : Duration.ofNanos(1);
    }

    private Duration left() {
        return limit.isZero() ? Duration.ZERO : limit.minusNanos(System.nanoTime() - begun);
    }

    @Override
    public void answered(Duration attempt) {
        // Nothing is known from one call to the next.
    }

    @Override
    public Optional<Duration> failed(Duration attempt, ForgeException failure, boolean answered) {
        Optional<Duration> estimate = failure.retryAfter();
        boolean loading = failure.details().status() == SERVICE_UNAVAILABLE
                && failure.details().extensions().containsKey("estimated_time")
                && estimate.isPresent();
        if (answered || !loading) {
            return Optional.empty();
        }
        Duration wait = estimate.get().compareTo(LEAST) < 0 ? LEAST : estimate.get();
        return limit.isZero() || wait.compareTo(left()) < 0
                ? Optional.of(wait.compareTo(MOST) < 0 ? wait : MOST)
                : Optional.empty();
    }
}
