package forge.ai.runtime.ledger;

import java.time.Duration;

/**
 * The configuration of the ledger, checked; see {@link FileLedger.Config}.
 *
 * @param entryDays how long entries are kept
 * @param sumDays how long their sums are kept
 * @param maxBytes the most that entries take on the disk
 * @param fileBytes the size at which a new file is begun
 * @param sync how often what was written is brought to the disk; zero for never
 */
record Settings(int entryDays, int sumDays, long maxBytes, long fileBytes, Duration sync) {

    private static final long MEBIBYTE = 1 << 20;
    private static final int DECADE = 3660;

    static Settings of(FileLedger.Config config) {
        int entryDays = (int) within("entryDays", config.entryDays(), 1, DECADE);
        return new Settings(
                entryDays,
                (int) within("sumDays", config.sumDays(), entryDays, DECADE),
                MEBIBYTE * within("maxMegabytes", config.maxMegabytes(), 32, 1 << 20),
                16 * MEBIBYTE,
                Duration.ofMillis(within("syncMillis", config.syncMillis(), 0, 600_000)));
    }

    private static long within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    FileLedger.PID + ": " + key + " = " + value + " is refused; allowed: " + least + " to " + most);
        }
        return value;
    }
}
