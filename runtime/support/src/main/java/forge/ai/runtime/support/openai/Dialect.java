package forge.ai.runtime.support.openai;

import forge.ai.runtime.support.openai.responses.ResponsesClient;
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
 * @param responses whether chats go to the Responses and not to the Chat Completions
 * @param summary in what words thoughts are asked for there, such as {@code auto}, or empty
 */
public record Dialect(boolean official, String reasoningField, boolean older, boolean responses, String summary) {

    /** The words in which the Responses can be asked for thoughts; empty for none. */
    public static final List<String> SUMMARIES = List.of("", "auto", "concise", "detailed");

    /** The fields that are known for thoughts; empty for none. */
    public static final List<String> REASONING_FIELDS = List.of("", "reasoning_content", "reasoning");

    public Dialect {
        Objects.requireNonNull(reasoningField, "reasoningField");
        Objects.requireNonNull(summary, "summary");
    }

    public Dialect(boolean official, String reasoningField, boolean older) {
        this(official, reasoningField, older, false, "");
    }

    public Dialect(boolean official, String reasoningField) {
        this(official, reasoningField, false);
    }

    /** The same, with chats by way of the Responses. */
    public Dialect byResponses(String newSummary) {
        return new Dialect(official, reasoningField, older, true, newSummary);
    }

    /** Whether chats that came in this dialect are sent on as they came. */
    public boolean passesThrough(String dialect) {
        return responses ? ResponsesClient.passesThrough(dialect) : OpenAiClient.passesThrough(dialect);
    }

    /** That of the server at this address. */
    public static Dialect at(String baseUrl, String reasoningField) {
        String host = URI.create(baseUrl).getHost();
        return new Dialect(host != null && (host.equals("openai.com") || host.endsWith(".openai.com")), reasoningField);
    }
}
