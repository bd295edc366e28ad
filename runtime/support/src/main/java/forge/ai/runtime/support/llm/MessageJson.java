package forge.ai.runtime.support.llm;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages in a JSON of our own, which keeps every part of them and never changes for equal messages. Each piece of
 * content is an array: its kind, then its components in their order.
 */
public final class MessageJson {

    private MessageJson() {}

    public static void write(JsonGenerator json, List<Message> messages) throws IOException {
        json.writeStartArray();
        for (Message message : messages) {
            json.writeStartArray();
            json.writeString(message.role().name());
            writeContent(json, message.content());
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    /** The content of one message. */
    public static void writeContent(JsonGenerator json, List<Content> content) throws IOException {
        json.writeStartArray();
        for (Content piece : content) {
            json.writeStartArray();
            write(json, piece);
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Content piece) throws IOException {
        switch (piece) {
            case Content.Text c -> texts(json, "text", c.text());
            case Content.ImageLink c -> texts(json, "link", c.uri().toString(), c.detail());
            case Content.Image c -> texts(json, "image", c.mediaType(), c.base64(), c.detail());
            case Content.ToolCall c -> texts(json, "call", c.id(), c.name(), c.arguments());
            case Content.ToolResult c -> {
                texts(json, "result", c.id());
                json.writeBoolean(c.error());
                writeContent(json, c.content());
            }
            case Content.Thinking c -> texts(json, "thinking", c.text(), c.signature(), c.redacted());
            case Content.Refusal c -> texts(json, "refusal", c.text());
            case Content.CachePoint c -> texts(json, "cache", c.ttl());
            case Content.Extension c -> texts(json, "extension", c.dialect(), c.json());
        }
    }

    private static void texts(JsonGenerator json, String... texts) throws IOException {
        for (String text : texts) {
            json.writeString(text);
        }
    }

    /** @throws IOException if it was not written by {@link #write} */
    public static List<Message> read(JsonNode json) throws IOException {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : json) {
            try {
                messages.add(new Message(Message.Role.valueOf(message.path(0).asText()), readContent(message.path(1))));
            } catch (IllegalArgumentException e) {
                throw new IOException("no message: " + e.getMessage());
            }
        }
        return messages;
    }

    /** The content of one message, as {@link #writeContent} wrote it. */
    public static List<Content> readContent(JsonNode json) throws IOException {
        List<Content> content = new ArrayList<>();
        for (JsonNode piece : json) {
            content.add(piece(piece));
        }
        return content;
    }

    private static Content piece(JsonNode json) throws IOException {
        return switch (json.path(0).asText()) {
            case "text" -> new Content.Text(text(json, 1));
            case "link" -> new Content.ImageLink(URI.create(text(json, 1)), text(json, 2));
            case "image" -> new Content.Image(text(json, 1), text(json, 2), text(json, 3));
            case "call" -> new Content.ToolCall(text(json, 1), text(json, 2), text(json, 3));
            case "result" ->
                new Content.ToolResult(
                        text(json, 1), readContent(json.path(3)), json.path(2).asBoolean());
            case "thinking" -> new Content.Thinking(text(json, 1), text(json, 2), text(json, 3));
            case "refusal" -> new Content.Refusal(text(json, 1));
            case "cache" -> new Content.CachePoint(text(json, 1));
            case "extension" -> new Content.Extension(text(json, 1), text(json, 2));
            default -> throw new IOException("no content: " + json.path(0));
        };
    }

    private static String text(JsonNode json, int place) {
        return json.path(place).asText();
    }
}
