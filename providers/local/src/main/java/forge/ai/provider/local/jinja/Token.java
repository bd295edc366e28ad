package forge.ai.provider.local.jinja;

/**
 * A piece of a template.
 *
 * @param text its text; of a string what it means
 * @param line where it stands
 */
record Token(Kind kind, String text, int line) {

    /** What a piece is. */
    enum Kind {
        TEXT,
        BLOCK_BEGIN,
        BLOCK_END,
        OUTPUT_BEGIN,
        OUTPUT_END,
        NAME,
        STRING,
        INTEGER,
        REAL,
        SYMBOL,
        END
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }
}
