package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Message.Role;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.Unheld;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the messages of a chat. Results of tools that follow each other become one message. */
final class MessageReader {

    private final Unheld unheld;

    MessageReader(Unheld unheld) {
        this.unheld = unheld;
    }

    List<Message> read(Fields body) {
        List<Message> messages = new ArrayList<>();
        for (Fields message : body.objects("messages")) {
            switch (message.required("role")) {
                case "system", "developer" -> messages.add(new Message(Role.SYSTEM, said(message)));
                case "user" -> messages.add(new Message(Role.USER, said(message)));
                case "assistant" -> messages.add(assistant(message));
                case "tool" -> result(messages, message);
                default ->
                    unheld.add(message, "role", "system, developer, user, assistant and tool are all that is held");
            }
        }
        if (messages.isEmpty() && unheld.first().isEmpty()) {
            throw body.wrong("messages", "an array with at least one message");
        }
        return messages;
    }

    private static void result(List<Message> messages, Fields message) {
        Content.ToolResult result = new Content.ToolResult(message.required("tool_call_id"), said(message), false);
        List<Content> results = new ArrayList<>();
        if (!messages.isEmpty() && messages.getLast().role() == Role.TOOL) {
            results.addAll(messages.removeLast().content());
        }
        results.add(result);
        messages.add(new Message(Role.TOOL, results));
    }

    private Message assistant(Fields message) {
        List<Content> content = new ArrayList<>();
        content.addAll(ThoughtDetails.read(message));
        if (content.isEmpty()) {
            message.text("reasoning_content")
                    .or(() -> message.text("reasoning"))
                    .filter(t -> !t.isEmpty())
                    .ifPresent(t -> content.add(Content.Thinking.of(t)));
        }
        if (message.has("content")) {
            content.addAll(said(message));
        }
        message.text("refusal").ifPresent(t -> content.add(new Content.Refusal(t)));
        if (message.has("tool_calls")) {
            message.objects("tool_calls").forEach(call -> call(call).ifPresent(content::add));
        }
        if (content.isEmpty() && message.node().size() < 2) {
            throw message.wrong("content", "there, unless there are tool_calls");
        } else if (content.isEmpty()) {
            unheld.add(message, "content", "an assistant's turn without content is not held, unless it has tool_calls");
        }
        return new Message(Role.ASSISTANT, content);
    }

    private Optional<Content> call(Fields call) {
        if (!call.text("type").orElse("function").equals("function")) {
            unheld.add(call, "type", "calls of the type function are all that is held");
            return Optional.empty();
        }
        Fields function = call.object("function");
        String arguments = function.text("arguments").orElse("");
        return Optional.of(new Content.ToolCall(
                call.required("id"), function.required("name"), arguments.isBlank() ? "{}" : arguments));
    }

    private static List<Content> said(Fields message) {
        JsonNode content = message.get("content").orElse(null);
        if (content != null && content.isTextual()) {
            return List.of(new Content.Text(content.textValue()));
        }
        if (content == null || !content.isArray()) {
            throw message.wrong("content", "a string or an array of parts");
        }
        return message.objects("content").stream().map(MessageReader::part).toList();
    }

    private static Content part(Fields part) {
        return switch (part.required("type")) {
            case "text" -> new Content.Text(part.text("text").orElseThrow(() -> part.wrong("text", "a string")));
            case "refusal" ->
                new Content.Refusal(part.text("refusal").orElseThrow(() -> part.wrong("refusal", "a string")));
            case "image_url" -> image(part.object("image_url"));
            default -> new Content.Extension("openai", part.node().toString());
        };
    }

    private static Content image(Fields image) {
        String url = image.required("url");
        String detail = image.text("detail").orElse("");
        if (url.regionMatches(true, 0, "data:", 0, 5)) {
            int comma = url.indexOf(',');
            String head = comma < 0 ? "" : url.substring(5, comma);
            if (!head.endsWith(";base64") || head.length() == ";base64".length()) {
                throw image.wrong("url", "data:MEDIA/TYPE;base64,DATA where it holds the picture itself");
            }
            return new Content.Image(head.substring(0, head.indexOf(';')), url.substring(comma + 1), detail);
        }
        try {
            return new Content.ImageLink(new URI(url), detail);
        } catch (URISyntaxException e) {
            throw image.wrong("url", "an address or data:MEDIA/TYPE;base64,DATA");
        }
    }
}
