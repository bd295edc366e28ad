package forge.ai.backend.huggingface;

/** How texts beyond the window are cut. */
enum Truncation {
    LONGEST_FIRST("longest_first", 0),
    ONLY_FIRST("only_first", 0),
    /** The second text in windows that overlap. */
    WINDOWS("only_second", 128);

    private final String key;
    private final int stride;

    Truncation(String key, int stride) {
        this.key = key;
        this.stride = stride;
    }

    /** As the tokenizers call it. */
    String key() {
        return key;
    }

    /** How many tokens windows have in common; 0 if what is cut off is left out. */
    int stride(int maxTokens) {
        return Math.min(stride, maxTokens / 2);
    }

    boolean windows() {
        return stride > 0;
    }
}
