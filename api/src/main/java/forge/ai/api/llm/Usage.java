package forge.ai.api.llm;

/**
 * What a call took, in tokens.
 *
 * @param inputTokens all tokens of the input, those read from and written to a cache included
 * @param outputTokens all tokens generated, those of thinking included
 * @param cachedInputTokens those of the input that were read from the vendor's cache
 * @param cacheWriteTokens those of the input that were written to the vendor's cache
 * @param reasoningTokens those of the output that were thinking, where told apart
 */
public record Usage(
        long inputTokens, long outputTokens, long cachedInputTokens, long cacheWriteTokens, long reasoningTokens) {

    public static Usage of(long inputTokens, long outputTokens) {
        return new Usage(inputTokens, outputTokens, 0, 0, 0);
    }

    /** What both took. */
    public Usage plus(Usage other) {
        return new Usage(
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                cachedInputTokens + other.cachedInputTokens,
                cacheWriteTokens + other.cacheWriteTokens,
                reasoningTokens + other.reasoningTokens);
    }

    public long totalTokens() {
        return inputTokens + outputTokens;
    }
}
