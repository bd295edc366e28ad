package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.stream.Collectors;

/**
 * Reads the input of a response, a text or a list of items. Items of the assistant that follow each other (thoughts,
 * what was said, calls of tools) become one message, and so do results of tools.
 */
final class InputReader {

    private final Unheld unheld;
    private final List<Message> messages = new ArrayList<>();

    /** @param unheld takes note of items and parts that have no form here */
    InputReader(Unheld unheld) {
        this.unheld = unheld;
    }

    List<Message> read(Fields body) {
        JsonNode input = body.get("input").orElseThrow(() -> body.wrong("input", "a string or an array of items"));
        if (input.isTextual()) {
            return List.of(Message.user(input.textValue()));
        }
        body.objects("input").forEach(this::item);
        return messages;
    }

    private void item(Fields item) {
        String type = item.text("type").orElse("message");
        switch (type) {
            case "message" -> message(item);
            case "function_call" -> {
                String arguments = item.text("arguments").orElse("");
                add(
                        Role.ASSISTANT,
                        new Content.ToolCall(
                                item.required("call_id"),
                                item.required("name"),
                                arguments.isBlank() ? "{}" : arguments));
            }
            case "function_call_output" ->
                add(Role.TOOL, new Content.ToolResult(item.required("call_id"), parts(item, "output"), false));
            case "reasoning" -> thought(item).ifPresent(thought -> add(Role.ASSISTANT, thought));
            default -> unheld.add(item, "type", "items of the type " + type + " are not held");
        }
    }

    private void message(Fields item) {
        List<Content> content = parts(item, "content");
        switch (item.required("role")) {
            case "system", "developer" -> messages.add(new Message(Role.SYSTEM, content));
            case "user" -> messages.add(new Message(Role.USER, content));
            case "assistant" -> content.forEach(c -> add(Role.ASSISTANT, c));
            default -> throw item.wrong("role", "system, developer, user or assistant");
        }
    }

    /** Puts content to the message before if that is of the same role. */
    private void add(Role role, Content content) {
        List<Content> all = new ArrayList<>();
        if (!messages.isEmpty() && messages.getLast().role() == role) {
            all.addAll(messages.removeLast().content());
        }
        all.add(content);
        messages.add(new Message(role, all));
    }

    /** A thought that says nothing, such as one encrypted by somebody else, cannot be handed on. */
    private static Optional<Content> thought(Fields item) {
        String text = texts(item, "content");
        return SealedThought.open(
                text.isEmpty() ? texts(item, "summary") : text,
                item.text("encrypted_content").orElse(""));
    }

    private static String texts(Fields item, String name) {
        return item.has(name)
                ? item.objects(name).stream()
                        .map(part -> part.text("text").orElse(""))
                        .collect(Collectors.joining())
                : "";
    }

    private List<Content> parts(Fields item, String name) {
        JsonNode content = item.get(name).orElse(null);
        if (content != null && content.isTextual()) {
            return List.of(new Content.Text(content.textValue()));
        }
        if (content == null || !content.isArray()) {
            throw item.wrong(name, "a string or an array of parts");
        }
        return item.objects(name).stream().flatMap(part -> part(part).stream()).toList();
    }

    private Optional<Content> part(Fields part) {
        String type = part.required("type");
        return switch (type) {
            case "input_text", "output_text", "text" ->
                Optional.of(new Content.Text(part.text("text").orElseThrow(() -> part.wrong("text", "a string"))));
            case "refusal" ->
                Optional.of(
                        new Content.Refusal(part.text("refusal").orElseThrow(() -> part.wrong("refusal", "a string"))));
            case "input_image" -> image(part);
            case "input_file" -> file(part);
            case "input_audio" ->
                Optional.of(new Content.Extension("openai", part.node().toString()));
            default -> {
                unheld.add(part, "type", "parts of the type " + type + " are not held");
                yield Optional.empty();
            }
        };
    }

    private Optional<Content> image(Fields part) {
        if (part.has("file_id")) {
            unheld.add(part, "file_id", "uploaded files are not held; send the picture in image_url");
            return Optional.empty();
        }
        String url = part.required("image_url");
        String detail = part.text("detail").orElse("");
        int comma = url.indexOf(',');
        if (url.startsWith("data:") && comma > 0 && url.startsWith(";base64", comma - 7)) {
            return Optional.of(new Content.Image(url.substring(5, comma - 7), url.substring(comma + 1), detail));
        }
        try {
            return Optional.of(new Content.ImageLink(new URI(url), detail));
        } catch (URISyntaxException e) {
            throw part.wrong("image_url", "an address or data:MEDIA/TYPE;base64,DATA");
        }
    }

    /** Chats know files that come with the request, under one name more. */
    private Optional<Content> file(Fields part) {
        if (!part.has("file_data")) {
            unheld.add(part, "type", "files by address or id are not held; send file_data");
            return Optional.empty();
        }
        ObjectNode file = JsonNodeFactory.instance.objectNode();
        file.put("file_data", part.required("file_data"));
        part.text("filename").ifPresent(name -> file.put("filename", name));
        ObjectNode chat = JsonNodeFactory.instance.objectNode();
        chat.put("type", "file").set("file", file);
        return Optional.of(new Content.Extension("openai", chat.toString()));
    }
}
