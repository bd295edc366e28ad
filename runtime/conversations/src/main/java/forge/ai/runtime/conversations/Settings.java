package forge.ai.runtime.conversations;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The configuration, checked; see {@link StoredConversations.Config}. */
record Settings(
        int maxTurns,
        long maxBytes,
        int maxTurnBytes,
        int maxHistoryBytes,
        Duration maxAge,
        int answerTokens,
        Map<String, Integer> windows) {

    static Settings of(StoredConversations.Config config) {
        return new Settings(
                (int) within("maxTurns", config.maxTurns(), 1, 10_000_000),
                within("maxBytes", config.maxBytes(), 65_536, 1L << 40),
                (int) within("maxTurnBytes", config.maxTurnBytes(), 1_024, 268_435_456),
                (int) within("maxHistoryBytes", config.maxHistoryBytes(), 1_024, 268_435_456),
                Duration.ofHours(within("maxAgeHours", config.maxAgeHours(), 1, 876_000)),
                (int) within("answerTokens", config.answerTokens(), 0, 10_000_000),
                windows(config.windows()));
    }

    private static long within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " = " + value + ": allowed is " + least + " to " + most);
        }
        return value;
    }

    private static Map<String, Integer> windows(String[] lines) {
        Map<String, Integer> windows = new HashMap<>();
        for (String line : List.of(lines)) {
            int equals = line.lastIndexOf('=');
            String tokens = line.substring(equals + 1).strip();
            if (equals < 1 || !tokens.matches("[1-9]\\d{0,8}")) {
                throw new IllegalArgumentException(
                        "windows: '" + line + "': allowed is MODEL=TOKENS with a number of 1 or more");
            }
            windows.put(line.substring(0, equals).strip(), Integer.valueOf(tokens));
        }
        return Map.copyOf(windows);
    }
}
