package forge.ai.runtime.support.openai;

import java.net.URI;
import java.util.List;
import java.util.Objects;

/**
 * In what servers of the dialect differ.
 *
 * @param official whether OpenAI itself answers, which refuses fields that others know
 * @param reasoningField the field in which the assistant's earlier thoughts are sent back, or empty: OpenAI and some
 *     others refuse them, some want them in {@code reasoning_content}, some in {@code reasoning}
 * @param older whether it is a version of OpenAI's interface from before September 2024, which knows neither
 *     {@code stream_options} nor {@code max_completion_tokens}
 */
public record Dialect(boolean official, String reasoningField, boolean older) {

    /** The fields that are known for thoughts; empty for none. */
    public static final List<String> REASONING_FIELDS = List.of("", "reasoning_content", "reasoning");

    public Dialect {
        Objects.requireNonNull(reasoningField, "reasoningField");
    }

    public Dialect(boolean official, String reasoningField) {
        this(official, reasoningField, false);
    }

    /** That of the server at this address. */
    public static Dialect at(String baseUrl, String reasoningField) {
        String host = URI.create(baseUrl).getHost();
        return new Dialect(host != null && (host.equals("openai.com") || host.endsWith(".openai.com")), reasoningField);
    }
}
