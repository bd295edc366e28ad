package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Message.Role;
import forge.ai.runtime.server.Fields;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/** Reads the messages of a chat. Results of tools that follow each other become one message. */
final class MessageReader {

    private MessageReader() {}

    static List<Message> read(Fields body) {
        List<Message> messages = new ArrayList<>();
        for (Fields message : body.objects("messages")) {
            switch (message.required("role")) {
                case "system", "developer" -> messages.add(new Message(Role.SYSTEM, said(message)));
                case "user" -> messages.add(new Message(Role.USER, said(message)));
                case "assistant" -> messages.add(assistant(message));
                case "tool" -> result(messages, message);
                default -> throw message.wrong("role", "system, developer, user, assistant or tool");
            }
        }
        if (messages.isEmpty()) {
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

    private static Message assistant(Fields message) {
        List<Content> content = new ArrayList<>();
        message.text("reasoning_content").filter(t -> !t.isEmpty()).ifPresent(t -> content.add(Content.Thinking.of(t)));
        if (message.has("content")) {
            content.addAll(said(message));
        }
        message.text("refusal").ifPresent(t -> content.add(new Content.Refusal(t)));
        if (message.has("tool_calls")) {
            message.objects("tool_calls").forEach(call -> content.add(call(call)));
        }
        if (content.isEmpty()) {
            throw message.wrong("content", "there, unless there are tool_calls");
        }
        return new Message(Role.ASSISTANT, content);
    }

    private static Content call(Fields call) {
        if (!call.text("type").orElse("function").equals("function")) {
            throw call.unsupported("type", "calls of the type function are all that is held");
        }
        Fields function = call.object("function");
        String arguments = function.text("arguments").orElse("");
        return new Content.ToolCall(
                call.required("id"), function.required("name"), arguments.isBlank() ? "{}" : arguments);
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
            case "input_audio", "file" ->
                new Content.Extension("openai", part.node().toString());
            default -> throw part.wrong("type", "text, image_url, input_audio, file or refusal");
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
