package forge.ai.runtime.llm;

import java.time.Duration;

/** The configuration of the service, checked; see {@link RoutingLlmService.Config}. */
record Settings(
        int attempts,
        Duration deadline,
        Duration idle,
        Duration abandoned,
        Backoff backoff,
        Duration longestWait,
        double retryShare,
        Ejection ejection,
        Duration listLimit,
        Duration probeEvery,
        int embedParallel,
        CachePolicy cache,
        long cacheBytes) {

    /**
     * When a target is left out.
     *
     * @param failures so many in a row
     * @param first how long the first time; twice as long each further time
     * @param longest at most so long
     */
    record Ejection(int failures, Duration first, Duration longest) {}

    static Settings of(RoutingLlmService.Config config) {
        return new Settings(
                count("attempts", config.attempts()),
                millis(1, "deadlineMillis", config.deadlineMillis()),
                millis(1, "idleMillis", config.idleMillis()),
                millis(1, "abandonedMillis", config.abandonedMillis()),
                new Backoff(
                        millis(0, "backoffMillis", config.backoffMillis()),
                        millis(0, "backoffMaxMillis", config.backoffMaxMillis())),
                millis(0, "longestWaitMillis", config.longestWaitMillis()),
                share(config.retryPercent()),
                new Ejection(
                        count("ejectAfter", config.ejectAfter()),
                        millis(1, "ejectMillis", config.ejectMillis()),
                        millis(1, "ejectMaxMillis", config.ejectMaxMillis())),
                millis(1, "listMillis", config.listMillis()),
                millis(0, "probeMillis", config.probeMillis()),
                count("embedParallel", config.embedParallel()),
                CachePolicy.of(config.cache(), config.cacheSeconds()),
                within(65_536, 1L << 40, "cacheBytes", config.cacheBytes()));
    }

    /** A time of at least so many milliseconds, and at most a week. */
    static Duration millis(long least, String key, long value) {
        return Duration.ofMillis(within(least, 604_800_000, key, value));
    }

    /** A number from 1 to 100. */
    static int count(String key, int value) {
        return (int) within(1, 100, key, value);
    }

    private static long within(long least, long most, String key, long value) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " = " + value + ": allowed is " + least + " to " + most);
        }
        return value;
    }

    private static double share(int percent) {
        return within(0, 100, "retryPercent", percent) / 100.0;
    }
}
