package forge.ai.api.llm;

/**
 * How many tokens a request has.
 *
 * @param inputTokens all tokens of the input, 0 or more
 * @param exact whether the provider counted them; otherwise they are estimated
 */
public record TokenCount(long inputTokens, boolean exact) {}
