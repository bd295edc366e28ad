package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the messages of a chat. */
final class MessageWriter {

    private MessageWriter() {}

    /** @param reasoningField takes the thoughts of earlier turns; empty to leave them out */
    static void write(JsonGenerator json, List<Message> messages, String reasoningField) throws IOException {
        json.writeArrayFieldStart("messages");
        for (Message message : messages) {
            if (message.role() == Message.Role.TOOL) {
                results(json, message);
            } else {
                message(json, message, reasoningField);
            }
        }
        json.writeEndArray();
    }

    private static void results(JsonGenerator json, Message message) throws IOException {
        for (Content content : message.content()) {
            if (content instanceof Content.CachePoint) {
                continue;
            }
            if (!(content instanceof Content.ToolResult result)) {
                throw new UnsupportedException("a message of a tool holds results of tools alone");
            }
            if (!result.content().stream().allMatch(Content.Text.class::isInstance)) {
                throw new UnsupportedException("results of tools can only be text in the OpenAI dialect");
            }
            json.writeStartObject();
            json.writeStringField("role", "tool");
            json.writeStringField("tool_call_id", result.id());
            json.writeStringField("content", Content.text(result.content()));
            json.writeEndObject();
        }
    }

    private static void message(JsonGenerator json, Message message, String reasoningField) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", message.role().name().toLowerCase(Locale.ROOT));
        List<Content> said =
                message.content().stream().filter(MessageWriter::isSaid).toList();
        List<Content.ToolCall> calls = message.content().stream()
                .filter(Content.ToolCall.class::isInstance)
                .map(Content.ToolCall.class::cast)
                .toList();
        if (said.stream().allMatch(Content.Text.class::isInstance)) {
            if (said.isEmpty() && !calls.isEmpty()) {
                json.writeNullField("content");
            } else {
                json.writeStringField("content", Content.text(said));
            }
        } else {
            json.writeArrayFieldStart("content");
            for (Content content : said) {
                part(json, content);
            }
            json.writeEndArray();
        }
        String thoughts = message.content().stream()
                .filter(Content.Thinking.class::isInstance)
                .map(c -> ((Content.Thinking) c).text())
                .collect(Collectors.joining());
        if (!reasoningField.isEmpty() && !thoughts.isEmpty()) {
            json.writeStringField(reasoningField, thoughts);
        }
        if (!calls.isEmpty()) {
            calls(json, calls);
        }
        json.writeEndObject();
    }

    private static boolean isSaid(Content content) {
        return !(content instanceof Content.ToolCall
                || content instanceof Content.Thinking
                || content instanceof Content.CachePoint);
    }

    private static void part(JsonGenerator json, Content content) throws IOException {
        switch (content) {
            case Content.Text text -> {
                json.writeStartObject();
                json.writeStringField("type", "text");
                json.writeStringField("text", text.text());
                json.writeEndObject();
            }
            case Content.Refusal refusal -> {
                json.writeStartObject();
                json.writeStringField("type", "refusal");
                json.writeStringField("refusal", refusal.text());
                json.writeEndObject();
            }
            case Content.ImageLink link -> image(json, link.uri().toString(), link.detail());
            case Content.Image image ->
                image(json, "data:" + image.mediaType() + ";base64," + image.base64(), image.detail());
            case Content.Extension extension
            when extension.dialect().equals("openai") -> Json.writeRaw(json, extension.json(), "a piece of content");
            default -> throw new UnsupportedException("the OpenAI dialect has no such content here");
        }
    }

    private static void image(JsonGenerator json, String url, String detail) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "image_url");
        json.writeObjectFieldStart("image_url");
        json.writeStringField("url", url);
        if (!detail.isEmpty()) {
            json.writeStringField("detail", detail);
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void calls(JsonGenerator json, List<Content.ToolCall> calls) throws IOException {
        json.writeArrayFieldStart("tool_calls");
        for (Content.ToolCall call : calls) {
            json.writeStartObject();
            json.writeStringField("id", call.id());
            json.writeStringField("type", "function");
            json.writeObjectFieldStart("function");
            json.writeStringField("name", call.name());
            json.writeStringField("arguments", call.arguments());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
