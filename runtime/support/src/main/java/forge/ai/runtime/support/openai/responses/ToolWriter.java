package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;

/** Writes the tools of a request and how they are to be chosen. */
final class ToolWriter {

    private final JsonGenerator json;
    private final ChatRequest request;

    ToolWriter(JsonGenerator json, ChatRequest request) {
        this.json = json;
        this.request = request;
    }

    /** @param others the vendor's own tools, such as a search, in its words */
    void write(List<String> others) throws IOException {
        if (request.tools().isEmpty() && others.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tools");
        for (Tool tool : request.tools()) {
            tool(tool);
        }
        for (String other : others) {
            json.writeRawValue(other);
        }
        json.writeEndArray();
        choice();
        if (request.options().parallelToolCalls().isPresent()) {
            json.writeBooleanField(
                    "parallel_tool_calls", request.options().parallelToolCalls().get());
        }
    }

    private void tool(Tool tool) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "function");
        json.writeStringField("name", tool.name());
        if (!tool.description().isEmpty()) {
            json.writeStringField("description", tool.description());
        }
        json.writeFieldName("parameters");
        if (tool.parameters().isEmpty()) {
            json.writeRawValue("{\"type\":\"object\",\"properties\":{}}");
        } else {
            Json.writeRaw(json, tool.parameters(), "the schema of tool " + tool.name());
        }
        // Without the field it would be strict.
        json.writeBooleanField("strict", tool.strict());
        json.writeEndObject();
    }

    private void choice() throws IOException {
        switch (request.toolChoice()) {
            case ToolChoice.Auto auto -> {
                // What it is without the field.
            }
            case ToolChoice.None none -> json.writeStringField("tool_choice", "none");
            case ToolChoice.Required required -> json.writeStringField("tool_choice", "required");
            case ToolChoice.Named named -> {
                json.writeObjectFieldStart("tool_choice");
                json.writeStringField("type", "function");
                json.writeStringField("name", named.name());
                json.writeEndObject();
            }
        }
    }
}
