package forge.ai.api.llm;

/**
 * How much a provider takes in one call of {@link LlmProvider#embed}; {@link LlmService} splits what is more.
 *
 * @param inputs the most texts, 1 or more
 * @param tokens the most tokens of all texts together, 1 or more; a single text may have more, that is for the model to
 *     say
 */
public record EmbeddingLimits(int inputs, long tokens) {

    /** As much as anyone likes. */
    public static final EmbeddingLimits NONE = new EmbeddingLimits(Integer.MAX_VALUE, Long.MAX_VALUE);

    public EmbeddingLimits {
        if (inputs < 1 || tokens < 1) {
            throw new IllegalArgumentException(
                    "inputs = " + inputs + ", tokens = " + tokens + ": allowed is 1 or more");
        }
    }
}
