package forge.ai.provider.local;

/**
 * What bounds the work of this provider.
 *
 * @param maxSequences the most answers of one model version that are generated at the same time
 * @param maxTokens the most tokens of one answer
 */
record Limits(int maxSequences, int maxTokens) {
    Limits {
        check(maxSequences, "maxSequences", 1024);
        check(maxTokens, "maxTokens", 1 << 20);
    }

    private static void check(int value, String key, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "forge.ai.provider.local: %s is %d, allowed is 1 to %d".formatted(key, value, most));
        }
    }
}
