package forge.ai.itest.swap;

import java.time.Duration;
import java.util.function.Supplier;

/** Waits for what is not told by itself. */
final class Await {

    private static final Duration BETWEEN = Duration.ofMillis(20);

    /** A condition that may fail as a call does. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    private Await() {}

    /** Waits until a condition holds; fails, saying how things stand, when the limit is over. */
    static Duration until(String what, Duration limit, Condition condition, Supplier<String> otherwise)
            throws Exception {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("%s is not so after %s: %s".formatted(what, limit, otherwise.get()));
            }
            Thread.sleep(BETWEEN);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
