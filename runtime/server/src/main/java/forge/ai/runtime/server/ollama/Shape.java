package forge.ai.runtime.server.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ProtocolException;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an answer has what is said. */
enum Shape {
    CHAT {
        @Override
        void write(JsonGenerator json, Said said) throws IOException {
            json.writeObjectFieldStart("message");
            json.writeStringField("role", "assistant");
            fields(json, "content", said);
            json.writeEndObject();
        }
    },
    GENERATE {
        @Override
        void write(JsonGenerator json, Said said) throws IOException {
            fields(json, "response", said);
        }
    };

    abstract void write(JsonGenerator json, Said said) throws IOException;

    private static void fields(JsonGenerator json, String text, Said said) throws IOException {
        json.writeStringField(text, said.text());
        if (!said.thinking().isEmpty()) {
            json.writeStringField("thinking", said.thinking());
        }
        if (!said.calls().isEmpty()) {
            calls(json, said.calls());
        }
    }

    private static void calls(JsonGenerator json, List<Content.ToolCall> calls) throws IOException {
        json.writeArrayFieldStart("tool_calls");
        for (Content.ToolCall call : calls) {
            json.writeStartObject();
            if (!call.id().isEmpty()) {
                json.writeStringField("id", call.id());
            }
            json.writeObjectFieldStart("function");
            json.writeStringField("name", call.name());
            json.writeFieldName("arguments");
            json.writeRawValue(object(call));
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** @throws ProtocolException if the arguments are no object, for which there is no form here */
    private static String object(Content.ToolCall call) {
        @Nullable JsonNode arguments = null;
        try {
            arguments = Json.read(call.arguments().isBlank() ? "{}" : call.arguments());
        } catch (IOException e) {
            // Answered below.
        }
        if (arguments == null || !arguments.isObject()) {
            throw new ProtocolException("the model's arguments for the tool " + call.name()
                    + " are not a JSON object, and Ollama's dialect has no other form for them");
        }
        return arguments.toString();
    }
}
