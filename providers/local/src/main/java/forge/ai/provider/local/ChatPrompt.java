package forge.ai.provider.local;

import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.ResponseFormat;
import java.util.stream.Collectors;

/** A conversation as the text that a model continues. */
final class ChatPrompt {

    private ChatPrompt() {}

    /**
     * The texts of the messages, each on its own line, as for a model that knows no turns.
     *
     * @throws UnsupportedException if the conversation has more than texts, or the model wants it in a form of its own
     */
    static String of(ChatRequest request, HubFiles files) {
        if (!request.tools().isEmpty()) {
            throw new UnsupportedException("the local provider has no tools");
        }
        if (!(request.format() instanceof ResponseFormat.Text)) {
            throw new UnsupportedException("the local provider cannot constrain answers to JSON");
        }
        if (!files.chatTemplate().isEmpty()) {
            throw new UnsupportedException("the local provider cannot apply chat templates, and model "
                    + request.model() + " has one in " + files.chatTemplate() + "; plain completions work");
        }
        return request.messages().stream().map(ChatPrompt::text).collect(Collectors.joining("\n"));
    }

    private static String text(Message message) {
        return message.content().stream().map(ChatPrompt::text).collect(Collectors.joining());
    }

    private static String text(Content content) {
        return switch (content) {
            case Content.Text text -> text.text();
            case Content.Refusal refusal -> refusal.text();
            case Content.Thinking thinking -> "";
            case Content.CachePoint point -> "";
            case Content.ImageLink image -> throw unsupported("pictures");
            case Content.Image image -> throw unsupported("pictures");
            case Content.ToolCall call -> throw unsupported("tool calls");
            case Content.ToolResult result -> throw unsupported("tool results");
            case Content.Extension extension -> throw unsupported("content of the dialect " + extension.dialect());
        };
    }

    private static UnsupportedException unsupported(String what) {
        return new UnsupportedException("the local provider takes text, not " + what);
    }
}
