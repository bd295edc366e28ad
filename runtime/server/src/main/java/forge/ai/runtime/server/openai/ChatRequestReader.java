package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.ToolChoice;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.FunctionTools;
import forge.ai.runtime.server.RequestWire;
import forge.ai.runtime.server.Unheld;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads chat requests. Fields that have no common form go along as extensions; what cannot, stands on the wire alone.
 */
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

    private final Fields body;
    private final Unheld unheld = new Unheld();

    private ChatRequestReader(Fields body) {
        this.body = body;
    }

    /** @param bytes the whole body */
    static ChatRequest read(byte[] bytes, Fields body) {
        return new ChatRequestReader(body).request(RequestWire.of(Wire.OPENAI_CHAT, bytes, body));
    }

    private ChatRequest request(Wire wire) {
        if (body.integer("n", 1, 128).orElse(1) != 1) {
            unheld.add(body, "n", "one answer for each request is all that is held; send the request again");
        }
        if (body.has("functions") || body.has("function_call")) {
            unheld.add(body, "functions", "the old form of tools is not held; use tools and tool_choice");
        }
        ChatRequest.Builder request = ChatRequest.builder(body.required("model"))
                .messages(new MessageReader(unheld).read(body))
                .tools(FunctionTools.read(body, unheld))
                .toolChoice(choice())
                .format(format())
                .options(OptionsReader.chat(body))
                .extensions(extensions(body, KNOWN))
                .wire(wire);
        unheld.first().ifPresent(request::wireOnly);
        return request.build();
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

    private ToolChoice choice() {
        JsonNode choice = body.get("tool_choice").orElse(null);
        if (choice == null) {
            return ToolChoice.AUTO;
        }
        if (choice.isObject()) {
            Fields named = body.object("tool_choice");
            if (named.required("type").equals("function")) {
                return new ToolChoice.Named(named.object("function").required("name"));
            }
            unheld.add(named, "type", "a choice of the type function is all that is held");
            return ToolChoice.AUTO;
        }
        return switch (choice.asText()) {
            case "auto" -> ToolChoice.AUTO;
            case "none" -> ToolChoice.NONE;
            case "required" -> ToolChoice.REQUIRED;
            default -> throw body.wrong("tool_choice", "none, auto, required or an object that names a function");
        };
    }

    private ResponseFormat format() {
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
            default -> {
                unheld.add(format, "type", "text, json_object and json_schema are all that is held");
                yield ResponseFormat.TEXT;
            }
        };
    }
}
