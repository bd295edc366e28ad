package forge.ai.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Optional;

/** Writes what tools there are and whether they have to be used. */
final class ToolsWriter {

    private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";

    private ToolsWriter() {}

    /**
     * Writes the tools of the request, those that only the dialect has, and that for the answer.
     *
     * @param own a JSON list of further tools, or empty
     */
    static void tools(JsonGenerator json, ChatRequest request, String own, Optional<AnswerTool> answer)
            throws IOException {
        JsonNode others = own.isEmpty() ? null : list(own);
        if (request.tools().isEmpty() && others == null && answer.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tools");
        for (Tool tool : request.tools()) {
            tool(json, tool);
        }
        if (others != null) {
            for (JsonNode tool : others) {
                json.writeRawValue(tool.toString());
            }
        }
        if (answer.isPresent()) {
            tool(
                    json,
                    new Tool(
                            answer.get().name(),
                            AnswerTool.DESCRIPTION,
                            answer.get().schema(),
                            false));
        }
        json.writeEndArray();
    }

    private static JsonNode list(String tools) {
        try {
            JsonNode list = Json.read(tools);
            if (list.isArray()) {
                return list;
            }
        } catch (IOException e) {
            // Refused below.
        }
        throw new InvalidRequestException("tools is not a JSON list");
    }

    private static void tool(JsonGenerator json, Tool tool) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", tool.name());
        if (!tool.description().isEmpty()) {
            json.writeStringField("description", tool.description());
        }
        json.writeFieldName("input_schema");
        Json.writeRaw(
                json,
                tool.parameters().isEmpty() ? NO_PARAMETERS : tool.parameters(),
                "the schema of tool " + tool.name());
        if (tool.strict()) {
            json.writeBooleanField("strict", true);
        }
        json.writeEndObject();
    }

    static void choice(JsonGenerator json, ChatRequest request, Optional<AnswerTool> answer) throws IOException {
        boolean oneByOne = request.options().parallelToolCalls().filter(p -> !p).isPresent();
        if (answer.isPresent()) {
            // Either the answer or calls of other tools, not both.
            boolean others = !request.tools().isEmpty() && !(request.toolChoice() instanceof ToolChoice.None);
            choice(json, others ? "any" : "tool", others ? "" : answer.get().name(), others && oneByOne);
            return;
        }
        switch (request.toolChoice()) {
            case ToolChoice.Auto auto -> {
                if (oneByOne && !request.tools().isEmpty()) {
                    choice(json, "auto", "", true);
                }
            }
            case ToolChoice.None none -> {
                if (!request.tools().isEmpty()) {
                    choice(json, "none", "", false);
                }
            }
            case ToolChoice.Required required -> choice(json, "any", "", oneByOne);
            case ToolChoice.Named named -> choice(json, "tool", named.name(), oneByOne);
        }
    }

    private static void choice(JsonGenerator json, String type, String name, boolean oneByOne) throws IOException {
        json.writeObjectFieldStart("tool_choice");
        json.writeStringField("type", type);
        if (!name.isEmpty()) {
            json.writeStringField("name", name);
        }
        if (oneByOne) {
            json.writeBooleanField("disable_parallel_tool_use", true);
        }
        json.writeEndObject();
    }
}
