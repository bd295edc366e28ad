package forge.ai.api.inference;

/** What a request wants of the result cache, where its model has one. */
public enum CachePolicy {
    /** An answer that was computed before is as good; a new one is kept. */
    USE,
    /** The answer is computed, and not kept. */
    BYPASS,
    /** The answer is computed, and kept in the place of the one before. */
    REFRESH
}
