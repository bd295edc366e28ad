package forge.ai.provider.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Set;

/** Writes chat requests; what tool has to be called is not said, see {@link ForcedCall}. */
final class ChatRequestWriter {

    private static final Set<String> USED =
            Set.of("model", "messages", "tools", "format", "options", "think", "logprobs", "top_logprobs", "stream");

    private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";

    private final ChatRequest request;
    private final String keepAlive;

    ChatRequestWriter(ChatRequest request, String keepAlive) {
        this.request = request;
        this.keepAlive = keepAlive;
    }

    byte[] write(boolean stream) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("model", request.model());
            new MessageWriter(json).write(request.messages());
            tools(json);
            format(json);
            var own = OptionsWriter.own(request.extensions());
            OptionsWriter.generation(json, request.options(), own);
            // It would stream without being asked.
            json.writeBooleanField("stream", stream);
            OptionsWriter.own(json, own, keepAlive, USED);
            json.writeEndObject();
        });
    }

    private void tools(JsonGenerator json) throws IOException {
        if (request.tools().isEmpty() || request.toolChoice() instanceof ToolChoice.None) {
            return;
        }
        json.writeArrayFieldStart("tools");
        for (Tool tool : request.tools()) {
            json.writeStartObject();
            json.writeStringField("type", "function");
            json.writeFieldName("function");
            function(json, tool);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void function(JsonGenerator json, Tool tool) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", tool.name());
        json.writeStringField("description", tool.description());
        json.writeFieldName("parameters");
        parameters(json, tool);
        json.writeEndObject();
    }

    static void parameters(JsonGenerator json, Tool tool) throws IOException {
        String schema = tool.parameters().isEmpty() ? NO_PARAMETERS : tool.parameters();
        Json.writeRaw(json, schema, "the schema of tool " + tool.name());
    }

    private void format(JsonGenerator json) throws IOException {
        switch (request.format()) {
            case ResponseFormat.Text text -> {
                // What it is without the field.
            }
            case ResponseFormat.Json any -> json.writeStringField("format", "json");
            case ResponseFormat.JsonSchema schema -> {
                json.writeFieldName("format");
                Json.writeRaw(json, schema.schema(), "the schema of the response format");
            }
        }
    }
}
