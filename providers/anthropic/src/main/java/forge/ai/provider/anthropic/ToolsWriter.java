package forge.ai.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes what tools there are and whether they have to be used. */
final class ToolsWriter {

    /** The field with further tools, such as the vendor's own. */
    static final String TOOLS = "tools";

    /** The field with what tools have besides what is common, by their names. */
    static final String TOOL_FIELDS = "tool_fields";

    /** The field that stands for the common choice where it is there. */
    static final String CHOICE = "tool_choice";

    private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";
    private static final Set<String> COMMON = Set.of("name", "description", "input_schema", "strict");

    private final ChatRequest request;
    private final Extras extras;
    private final Optional<AnswerTool> answer;

    /** @param answer the tool that the answer comes by */
    ToolsWriter(ChatRequest request, Extras extras, Optional<AnswerTool> answer) {
        this.request = request;
        this.extras = extras;
        this.answer = answer;
    }

    void write(JsonGenerator json) throws IOException {
        List<JsonNode> others = extras.list(TOOLS);
        if (!request.tools().isEmpty() || !others.isEmpty() || answer.isPresent()) {
            ObjectNode besides = extras.object(TOOL_FIELDS);
            json.writeArrayFieldStart("tools");
            for (Tool tool : request.tools()) {
                tool(json, tool, besides.path(tool.name()));
            }
            for (JsonNode tool : others) {
                json.writeRawValue(tool.toString());
            }
            if (answer.isPresent()) {
                tool(json, answer.get().tool(), besides.path(""));
            }
            json.writeEndArray();
        }
        if (!extras.has(CHOICE)) {
            choice(json);
        }
    }

    private static void tool(JsonGenerator json, Tool tool, JsonNode besides) throws IOException {
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
        for (Map.Entry<String, JsonNode> field : besides.properties()) {
            if (!COMMON.contains(field.getKey())) {
                json.writeFieldName(field.getKey());
                json.writeRawValue(field.getValue().toString());
            }
        }
        json.writeEndObject();
    }

    private void choice(JsonGenerator json) throws IOException {
        boolean tools = !request.tools().isEmpty() || extras.has(TOOLS);
        boolean oneByOne = request.options().parallelToolCalls().filter(p -> !p).isPresent();
        if (answer.isPresent()) {
            // Either the answer or calls of other tools, if they may be called.
            boolean alone = tools && request.toolChoice() instanceof ToolChoice.None;
            choice(json, alone ? "tool" : "any", alone ? answer.get().name() : "", tools && !alone && oneByOne);
            return;
        }
        switch (request.toolChoice()) {
            case ToolChoice.Auto auto -> {
                if (oneByOne && tools) {
                    choice(json, "auto", "", true);
                }
            }
            case ToolChoice.None none -> {
                if (tools) {
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
