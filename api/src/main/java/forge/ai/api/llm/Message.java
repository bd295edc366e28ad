package forge.ai.api.llm;

import java.util.List;
import java.util.Objects;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param content what is said, in order
 */
public record Message(Role role, List<Content> content) {

    /** Who speaks. */
    public enum Role {
        /** Instructions that stand above the conversation. */
        SYSTEM,
        USER,
        ASSISTANT,
        /** Results of tools that the assistant called; content is {@link Content.ToolResult}, and {@link Content.CachePoint}. */
        TOOL
    }

    public Message {
        Objects.requireNonNull(role, "role");
        content = List.copyOf(content);
    }

    public static Message system(String text) {
        return new Message(Role.SYSTEM, List.of(new Content.Text(text)));
    }

    public static Message user(String text) {
        return new Message(Role.USER, List.of(new Content.Text(text)));
    }

    public static Message assistant(String text) {
        return new Message(Role.ASSISTANT, List.of(new Content.Text(text)));
    }

    public static Message tool(Content.ToolResult... results) {
        return new Message(Role.TOOL, List.of(results));
    }

    /** The texts of the content, one after the other. */
    public String text() {
        return Content.text(content);
    }
}
