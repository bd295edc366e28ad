package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.server.Fields;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads chat requests. Fields that have no common form go along as extensions. */
final class ChatRequestReader {

    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "tools",
            "tool_choice",
            "response_format",
            "stream",
            "stream_options",
            "n",
            "logprobs",
            "top_logprobs");

    private static final String EMPTY_SCHEMA = "{\"type\":\"object\",\"properties\":{}}";

    private ChatRequestReader() {}

    static ChatRequest read(Fields body) {
        if (body.integer("n", 1, 128).orElse(1) != 1) {
            throw body.unsupported("n", "one answer for each request is all that is held; send the request again");
        }
        if (body.has("functions") || body.has("function_call")) {
            throw body.unsupported("functions", "the old form of tools is not held; use tools and tool_choice");
        }
        return ChatRequest.builder(body.required("model"))
                .messages(MessageReader.read(body))
                .tools(
                        body.has("tools")
                                ? body.objects("tools").stream()
                                        .map(ChatRequestReader::tool)
                                        .toList()
                                : List.of())
                .toolChoice(choice(body))
                .format(format(body))
                .options(OptionsReader.chat(body))
                .extensions(extensions(body, KNOWN))
                .build();
    }

    /** The fields that nobody here reads, as JSON text. */
    static Map<String, String> extensions(Fields body, Set<String> known) {
        Map<String, String> extensions = new TreeMap<>();
        body.node().properties().forEach(field -> {
            boolean read = known.contains(field.getKey()) || OptionsReader.KNOWN.contains(field.getKey());
            if (!read && !field.getValue().isNull()) {
                extensions.put(field.getKey(), field.getValue().toString());
            }
        });
        return extensions;
    }

    private static Tool tool(Fields tool) {
        if (!tool.required("type").equals("function")) {
            throw tool.unsupported("type", "tools of the type function are all that is held");
        }
        Fields function = tool.object("function");
        String parameters = function.has("parameters")
                ? function.object("parameters").node().toString()
                : EMPTY_SCHEMA;
        return new Tool(
                function.required("name"), function.text("description").orElse(""), parameters, function.is("strict"));
    }

    private static ToolChoice choice(Fields body) {
        JsonNode choice = body.get("tool_choice").orElse(null);
        if (choice == null) {
            return ToolChoice.AUTO;
        }
        if (choice.isObject()) {
            Fields named = body.object("tool_choice");
            if (named.required("type").equals("function")) {
                return new ToolChoice.Named(named.object("function").required("name"));
            }
            throw named.unsupported("type", "a choice of the type function is all that is held");
        }
        return switch (choice.asText()) {
            case "auto" -> ToolChoice.AUTO;
            case "none" -> ToolChoice.NONE;
            case "required" -> ToolChoice.REQUIRED;
            default -> throw body.wrong("tool_choice", "none, auto, required or an object that names a function");
        };
    }

    private static ResponseFormat format(Fields body) {
        if (!body.has("response_format")) {
            return ResponseFormat.TEXT;
        }
        Fields format = body.object("response_format");
        return switch (format.required("type")) {
            case "text" -> ResponseFormat.TEXT;
            case "json_object" -> ResponseFormat.JSON;
            case "json_schema" -> {
                Fields schema = format.object("json_schema");
                yield new ResponseFormat.JsonSchema(
                        schema.required("name"),
                        schema.has("schema") ? schema.object("schema").node().toString() : "{}",
                        schema.is("strict"));
            }
            default -> throw format.wrong("type", "text, json_object or json_schema");
        };
    }
}
