package forge.ai.runtime.monitoring;

import io.opentelemetry.sdk.common.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The time of day that goes on with {@link System#nanoTime}, so that moments noted there fit in. */
final class SpanClock implements Clock {

    private final long offset;

    SpanClock() {
        Instant now = Instant.now();
        offset = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
    }

    /** The time of day of a moment by {@link System#nanoTime}. */
    long at(long nanos) {
        return offset + nanos;
    }

    @Override
    public long now() {
        return at(System.nanoTime());
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
