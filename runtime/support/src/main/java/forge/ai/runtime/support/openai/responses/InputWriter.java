package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes messages as items of an input: what is said as messages, and between them, in their order, thoughts, calls of
 * tools, their results, and the vendor's own items.
 */
final class InputWriter {

    private final JsonGenerator json;

    InputWriter(JsonGenerator json) {
        this.json = json;
    }

    void write(List<Message> messages) throws IOException {
        json.writeArrayFieldStart("input");
        for (Message message : messages) {
            message(message);
        }
        json.writeEndArray();
    }

    private void message(Message message) throws IOException {
        List<Content> said = new ArrayList<>();
        for (Content content : message.content()) {
            if (content instanceof Content.CachePoint) {
                continue;
            }
            if (PartWriter.isPart(content)) {
                said.add(content);
            } else {
                said(message.role(), said);
                said.clear();
                item(content);
            }
        }
        said(message.role(), said);
    }

    private void said(Message.Role role, List<Content> said) throws IOException {
        if (said.isEmpty()) {
            return;
        }
        if (role == Message.Role.TOOL) {
            throw new UnsupportedException("a message of a tool holds results of tools alone");
        }
        json.writeStartObject();
        json.writeStringField("role", role.name().toLowerCase(Locale.ROOT));
        json.writeFieldName("content");
        new PartWriter(json, role == Message.Role.ASSISTANT).write(said);
        json.writeEndObject();
    }

    private void item(Content content) throws IOException {
        switch (content) {
            case Content.Thinking thought -> {
                // One of another vendor is nothing to this one.
                Optional<String> item = Thoughts.item(thought);
                if (item.isPresent()) {
                    json.writeRawValue(item.get());
                }
            }
            case Content.ToolCall call -> {
                json.writeStartObject();
                json.writeStringField("type", "function_call");
                json.writeStringField("call_id", call.id());
                json.writeStringField("name", call.name());
                json.writeStringField("arguments", call.arguments());
                json.writeEndObject();
            }
            case Content.ToolResult result -> {
                json.writeStartObject();
                json.writeStringField("type", "function_call_output");
                json.writeStringField("call_id", result.id());
                json.writeFieldName("output");
                new PartWriter(json, false).write(result.content());
                json.writeEndObject();
            }
            case Content.Extension extension
            when extension.dialect().equals("openai") -> Json.writeRaw(json, extension.json(), "a piece of content");
            default -> throw new UnsupportedException("the OpenAI dialect has no such content here");
        }
    }
}
