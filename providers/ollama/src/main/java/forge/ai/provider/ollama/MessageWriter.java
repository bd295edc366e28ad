package forge.ai.provider.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the messages of a chat: text in one piece, pictures beside it, results of tools by the tool's name. */
final class MessageWriter {

    private final JsonGenerator json;

    /** The tools that were called, by the ids of the calls. */
    private final Map<String, String> tools = new HashMap<>();

    MessageWriter(JsonGenerator json) {
        this.json = json;
    }

    void write(List<Message> messages) throws IOException {
        json.writeArrayFieldStart("messages");
        for (Message message : messages) {
            if (message.role() == Message.Role.TOOL) {
                results(message);
            } else {
                message(message.role().name().toLowerCase(Locale.ROOT), message.content());
            }
        }
        json.writeEndArray();
    }

    private void results(Message message) throws IOException {
        for (Content content : message.content()) {
            if (content instanceof Content.CachePoint) {
                continue;
            }
            if (!(content instanceof Content.ToolResult result)) {
                throw new UnsupportedException("a message of a tool holds results of tools alone");
            }
            json.writeStartObject();
            json.writeStringField("role", "tool");
            said(result.content());
            String tool = tools.get(result.id());
            if (tool != null) {
                json.writeStringField("tool_name", tool);
            }
            json.writeStringField("tool_call_id", result.id());
            json.writeEndObject();
        }
    }

    private void message(String role, List<Content> contents) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", role);
        List<Content> said = new ArrayList<>();
        List<Content.ToolCall> calls = new ArrayList<>();
        StringBuilder thoughts = new StringBuilder();
        for (Content content : contents) {
            switch (content) {
                case Content.ToolCall call -> calls.add(call);
                case Content.Thinking thought -> thoughts.append(thought.text());
                case Content.CachePoint point -> {
                    // Ollama keeps what it has read anyway.
                }
                default -> said.add(content);
            }
        }
        said(said);
        if (!thoughts.isEmpty()) {
            json.writeStringField("thinking", thoughts.toString());
        }
        if (!calls.isEmpty()) {
            calls(calls);
        }
        json.writeEndObject();
    }

    private void said(List<Content> contents) throws IOException {
        StringBuilder text = new StringBuilder();
        List<String> images = new ArrayList<>();
        for (Content content : contents) {
            switch (content) {
                case Content.Text piece -> text.append(piece.text());
                case Content.Refusal refusal -> text.append(refusal.text());
                case Content.Image image -> images.add(image.base64());
                case Content.ImageLink link ->
                    throw new UnsupportedException(
                            "Ollama takes no pictures by their address; send the picture itself, in Base64");
                default -> throw new UnsupportedException("Ollama has no such content here");
            }
        }
        json.writeStringField("content", text.toString());
        if (!images.isEmpty()) {
            json.writeArrayFieldStart("images");
            for (String image : images) {
                json.writeString(image);
            }
            json.writeEndArray();
        }
    }

    private void calls(List<Content.ToolCall> calls) throws IOException {
        json.writeArrayFieldStart("tool_calls");
        for (Content.ToolCall call : calls) {
            tools.put(call.id(), call.name());
            json.writeStartObject();
            json.writeStringField("id", call.id());
            json.writeObjectFieldStart("function");
            json.writeStringField("name", call.name());
            json.writeFieldName("arguments");
            arguments(call);
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** An object there, text here. */
    private void arguments(Content.ToolCall call) throws IOException {
        String text = call.arguments().isBlank() ? "{}" : call.arguments().strip();
        String what = "the arguments of a call of tool " + call.name();
        if (!text.startsWith("{")) {
            throw new InvalidRequestException(what + " are no JSON object");
        }
        Json.writeRaw(json, text, what);
    }
}
