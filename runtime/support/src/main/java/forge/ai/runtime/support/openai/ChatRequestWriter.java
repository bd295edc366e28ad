package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Set;

/** Writes chat requests. */
final class ChatRequestWriter {

    private static final Set<String> OWN = Set.of("model", "messages", "tools", "stream", "stream_options");

    private ChatRequestWriter() {}

    static byte[] write(ChatRequest request, boolean stream, Dialect dialect) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("model", request.model());
            MessageWriter.write(json, request.messages(), dialect.reasoningField());
            tools(json, request);
            format(json, request.format());
            options(json, request.options(), dialect);
            if (request.options().parallelToolCalls().isPresent()
                    && !request.tools().isEmpty()) {
                json.writeBooleanField(
                        "parallel_tool_calls",
                        request.options().parallelToolCalls().get());
            }
            if (stream) {
                OptionsWriter.stream(json, dialect);
            }
            OptionsWriter.extensions(json, request.extensions(), OWN);
            json.writeEndObject();
        });
    }

    private static void tools(JsonGenerator json, ChatRequest request) throws IOException {
        if (request.tools().isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tools");
        for (Tool tool : request.tools()) {
            json.writeStartObject();
            json.writeStringField("type", "function");
            json.writeObjectFieldStart("function");
            json.writeStringField("name", tool.name());
            if (!tool.description().isEmpty()) {
                json.writeStringField("description", tool.description());
            }
            if (!tool.parameters().isEmpty()) {
                json.writeFieldName("parameters");
                Json.writeRaw(json, tool.parameters(), "the schema of tool " + tool.name());
            }
            if (tool.strict()) {
                json.writeBooleanField("strict", true);
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        switch (request.toolChoice()) {
            case ToolChoice.Auto auto -> {
                // What it is without the field.
            }
            case ToolChoice.None none -> json.writeStringField("tool_choice", "none");
            case ToolChoice.Required required -> json.writeStringField("tool_choice", "required");
            case ToolChoice.Named named -> {
                json.writeObjectFieldStart("tool_choice");
                json.writeStringField("type", "function");
                json.writeObjectFieldStart("function");
                json.writeStringField("name", named.name());
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    private static void format(JsonGenerator json, ResponseFormat format) throws IOException {
        switch (format) {
            case ResponseFormat.Text text -> {
                // What it is without the field.
            }
            case ResponseFormat.Json any -> {
                json.writeObjectFieldStart("response_format");
                json.writeStringField("type", "json_object");
                json.writeEndObject();
            }
            case ResponseFormat.JsonSchema schema -> {
                json.writeObjectFieldStart("response_format");
                json.writeStringField("type", "json_schema");
                json.writeObjectFieldStart("json_schema");
                json.writeStringField("name", schema.name());
                json.writeFieldName("schema");
                Json.writeRaw(json, schema.schema(), "the schema of the response format");
                json.writeBooleanField("strict", schema.strict());
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    private static void options(JsonGenerator json, GenerationOptions options, Dialect dialect) throws IOException {
        if (options.maxTokens().isPresent()) {
            json.writeNumberField(
                    dialect.official() && !dialect.older() ? "max_completion_tokens" : "max_tokens",
                    options.maxTokens().getAsInt());
        }
        OptionsWriter.sampling(json, options, dialect.official());
        OptionsWriter.stopAndUser(json, options);
        if (options.logprobs().isPresent()) {
            json.writeBooleanField("logprobs", true);
            json.writeNumberField("top_logprobs", options.logprobs().getAsInt());
        }
        if (options.reasoning().isPresent()
                && !options.reasoning().get().effort().isEmpty()) {
            json.writeStringField("reasoning_effort", options.reasoning().get().effort());
        }
    }
}
