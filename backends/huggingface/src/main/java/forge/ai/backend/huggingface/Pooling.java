package forge.ai.backend.huggingface;

import java.util.Locale;

/** How the vectors of the tokens of a text become the vector of the text. */
enum Pooling {
    /** Their mean. */
    MEAN,
    /** The one of the first token. */
    CLS;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
