package forge.ai.api.llm;

import java.util.Objects;

/**
 * A request, an answer or an event of a stream as it stood on the wire. It lets what came in one dialect leave in the
 * same dialect unchanged, fields included that have no form of their own here.
 *
 * <p>A request goes to a provider in its bound form and, if nothing changed it on the way, on the wire as well; the
 * provider decides by {@link LlmProvider#passesThrough}. The bound form is what routes, limits and other dialects go
 * by, so it is read also where the wire is what is sent.
 *
 * @param dialect whose words they are: {@link #OPENAI_CHAT}, {@link #OPENAI_RESPONSES}, {@link #ANTHROPIC_MESSAGES} or
 *     {@link #OLLAMA_CHAT}
 * @param event the name of the event, of dialects that name them; else empty
 * @param json the JSON document
 */
public record Wire(String dialect, String event, String json) {

    /** OpenAI's Chat Completions. */
    public static final String OPENAI_CHAT = "openai.chat";

    /** OpenAI's Responses. */
    public static final String OPENAI_RESPONSES = "openai.responses";

    /** Anthropic's Messages. */
    public static final String ANTHROPIC_MESSAGES = "anthropic.messages";

    /** Ollama's chat. */
    public static final String OLLAMA_CHAT = "ollama.chat";

    public Wire {
        Objects.requireNonNull(dialect, "dialect");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(json, "json");
    }

    public Wire(String dialect, String json) {
        this(dialect, "", json);
    }

    /** Prompts are private: no part of the document is shown. */
    @Override
    public String toString() {
        return "Wire[" + dialect + (event.isEmpty() ? "" : " " + event) + ", " + json.length() + " characters]";
    }
}
