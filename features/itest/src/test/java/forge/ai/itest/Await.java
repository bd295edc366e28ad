package forge.ai.itest;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what is to come, within a limit. */
public final class Await {

    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private Await() {}

    /**
     * Returns as soon as it holds.
     *
     * @return how long that took
     */
    public static Duration until(String what, Duration limit, BooleanSupplier holds) {
        return until(what, limit, () -> "", holds);
    }

    /** @param state told if it does not come to hold */
    public static Duration until(String what, Duration limit, Supplier<?> state, BooleanSupplier holds) {
        long start = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("not within " + limit + ": " + what + " " + state.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
