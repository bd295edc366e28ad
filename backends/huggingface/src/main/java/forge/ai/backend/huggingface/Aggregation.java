package forge.ai.backend.huggingface;

/** How the labels of tokens become those of words and entities. */
enum Aggregation {
    /** Each token by itself. */
    NONE("none"),
    /** Tokens that follow each other with the same label. */
    SIMPLE("simple"),
    /** A word has the label of its first token. */
    FIRST("first"),
    /** A word has the label that is best on average over its tokens. */
    AVERAGE("average"),
    /** A word has the label of its token with the highest score. */
    MAX("max");

    private final String key;

    Aggregation(String key) {
        this.key = key;
    }

    /** As the Hub's library writes it. */
    String key() {
        return key;
    }

    boolean words() {
        return this == FIRST || this == AVERAGE || this == MAX;
    }
}
