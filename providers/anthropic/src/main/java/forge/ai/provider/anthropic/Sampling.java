package forge.ai.provider.anthropic;

import java.util.List;

/** What a request may say of how tokens are drawn. */
enum Sampling {
    /** All of it. */
    ALL,
    /** The temperature or the share of probability, not both. */
    ONE,
    /** Nothing, not even what would be so anyway. */
    NONE;

    static final String TEMPERATURE = "temperature";
    static final String TOP_P = "top_p";
    static final String TOP_K = "top_k";

    /** The fields that say it. */
    static final List<String> FIELDS = List.of(TEMPERATURE, TOP_P, TOP_K);
}
