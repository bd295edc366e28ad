package forge.ai.provider.local;

/**
 * What bounds the work of this provider.
 *
 * @param maxSequences the most answers of one model version that are generated at the same time
 * @param maxTokens the most tokens of one answer
 * @param promptPiece the most tokens of prompts that are read between two tokens of other answers
 * @param cacheMebibytes the most memory for keys and values of one model version
 * @param prefixMebibytes the most memory for those of answers that have ended
 */
record Limits(int maxSequences, int maxTokens, int promptPiece, int cacheMebibytes, int prefixMebibytes) {
    Limits {
        check(maxSequences, "maxSequences", 1024);
        check(maxTokens, "maxTokens", 1 << 20);
        check(promptPiece, "promptPiece", 1 << 20);
        check(cacheMebibytes, "cacheMebibytes", 1 << 20);
        if (prefixMebibytes != 0) {
            check(prefixMebibytes, "prefixMebibytes", 1 << 20);
        }
    }

    long prefixBytes() {
        return (long) prefixMebibytes << 20;
    }

    long cacheBytes() {
        return (long) cacheMebibytes << 20;
    }

    private static void check(int value, String key, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "forge.ai.provider.local: %s is %d, allowed is 1 to %d".formatted(key, value, most));
        }
    }
}
