package forge.ai.runtime.support.llm;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Tool;
import java.util.List;

/**
 * The size of what goes into a model, in characters: what estimates of tokens begin with. A picture counts as many
 * characters as the tokens that vendors usually take for one.
 */
public final class Characters {

    /** About 1000 tokens of four characters. */
    private static final int PICTURE = 4_000;
    /** The words that vendors put around a message. */
    private static final int FRAME = 16;

    private Characters() {}

    public static long of(ChatRequest request) {
        long tools = 0;
        for (Tool tool : request.tools()) {
            tools += FRAME
                    + tool.name().length()
                    + tool.description().length()
                    + tool.parameters().length();
        }
        return tools + of(request.messages());
    }

    public static long of(List<Message> messages) {
        return messages.stream().mapToLong(Characters::of).sum();
    }

    public static long of(Message message) {
        return FRAME + content(message.content());
    }

    private static long content(List<Content> content) {
        return content.stream().mapToLong(Characters::of).sum();
    }

    private static long of(Content content) {
        return switch (content) {
            case Content.Text c -> c.text().length();
            case Content.ImageLink c -> PICTURE;
            case Content.Image c -> PICTURE;
            case Content.ToolCall c -> c.name().length() + c.arguments().length();
            case Content.ToolResult c -> content(c.content());
            case Content.Thinking c -> c.text().length() + c.redacted().length();
            case Content.Refusal c -> c.text().length();
            case Content.CachePoint c -> 0;
            case Content.Extension c -> c.json().length();
        };
    }
}
