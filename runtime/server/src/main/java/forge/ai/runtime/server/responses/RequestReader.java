package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Reasoning;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.RequestWire;
import forge.ai.runtime.server.Unheld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** Reads requests for responses. What has no common form with chats stands on the wire alone. */
final class RequestReader {

    private static final String ENCRYPTED = "reasoning.encrypted_content";
    private static final String LOGPROBS = "message.output_text.logprobs";
    private static final String EMPTY_SCHEMA = "{\"type\":\"object\",\"properties\":{}}";

    /** Fields that chats know under the same name. */
    private static final Set<String> SHARED =
            Set.of("service_tier", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "logit_bias");

    private static final List<String> NOT_HELD = List.of("conversation", "prompt", "context_management", "moderation");

    private final Fields body;
    private final Unheld unheld = new Unheld();

    private RequestReader(Fields body) {
        this.body = body;
    }

    /** @param bytes the whole document */
    static ResponseRequest read(byte[] bytes, Fields body) {
        return new RequestReader(body).request(RequestWire.of(Wire.OPENAI_RESPONSES, bytes, body));
    }

    private ResponseRequest request(Wire wire) {
        refuse();
        List<Message> said = new InputReader(unheld).read(body);
        List<Message> messages = new ArrayList<>();
        body.text("instructions").filter(t -> !t.isEmpty()).ifPresent(t -> messages.add(Message.system(t)));
        messages.addAll(said);
        List<String> include = body.texts("include", 64);
        ChatRequest.Builder chat = ChatRequest.builder(body.required("model"))
                .messages(messages)
                .tools(tools())
                .toolChoice(choice())
                .format(format())
                .options(options(include))
                .extensions(extensions())
                .wire(wire);
        unheld.first().ifPresent(chat::wireOnly);
        return new ResponseRequest(
                body.node(),
                chat.build(),
                said,
                body.is("stream"),
                body.flag("store"),
                body.text("previous_response_id").orElse(""),
                include.contains(ENCRYPTED),
                body.flag("generate").orElse(true));
    }

    private void refuse() {
        if (body.is("background")) {
            throw body.unsupported("background", "responses in the background are not held; stream it instead");
        }
        for (String field : NOT_HELD) {
            if (body.has(field)) {
                unheld.add(body, field, "not held; leave it out");
            }
        }
    }

    private List<Tool> tools() {
        return body.has("tools")
                ? body.objects("tools").stream()
                        .flatMap(tool -> tool(tool).stream())
                        .toList()
                : List.of();
    }

    private Optional<Tool> tool(Fields tool) {
        String type = tool.required("type");
        if (!type.equals("function")) {
            unheld.add(tool, "type", "the built-in tool " + type + " is not held; tools of the type function are");
            return Optional.empty();
        }
        return Optional.of(new Tool(
                tool.required("name"),
                tool.text("description").orElse(""),
                tool.has("parameters") ? tool.object("parameters").node().toString() : EMPTY_SCHEMA,
                tool.is("strict")));
    }

    private ToolChoice choice() {
        JsonNode choice = body.get("tool_choice").orElse(null);
        if (choice == null) {
            return ToolChoice.AUTO;
        }
        if (choice.isObject()) {
            Fields named = body.object("tool_choice");
            if (named.required("type").equals("function")) {
                return new ToolChoice.Named(named.required("name"));
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
        if (!body.has("text") || !body.object("text").has("format")) {
            return ResponseFormat.TEXT;
        }
        Fields format = body.object("text").object("format");
        return switch (format.required("type")) {
            case "text" -> ResponseFormat.TEXT;
            case "json_object" -> ResponseFormat.JSON;
            case "json_schema" ->
                new ResponseFormat.JsonSchema(
                        format.required("name"), format.object("schema").node().toString(), format.is("strict"));
            default -> {
                unheld.add(format, "type", "text, json_object and json_schema are all that is held");
                yield ResponseFormat.TEXT;
            }
        };
    }

    private GenerationOptions options(List<String> include) {
        GenerationOptions.Builder options = GenerationOptions.builder();
        body.integer("max_output_tokens", 1, Integer.MAX_VALUE).ifPresent(options::maxTokens);
        body.number("temperature", 0, 2).ifPresent(options::temperature);
        body.number("top_p", 0, 1).ifPresent(options::topP);
        body.flag("parallel_tool_calls").ifPresent(options::parallelToolCalls);
        body.text("user").ifPresent(options::user);
        OptionalInt alternatives = body.integer("top_logprobs", 0, 20);
        if (alternatives.isPresent() || include.contains(LOGPROBS)) {
            options.logprobs(alternatives.orElse(0));
        }
        if (body.has("reasoning")) {
            body.object("reasoning")
                    .text("effort")
                    .ifPresent(e -> options.reasoning(new Reasoning(e, OptionalInt.empty())));
        }
        return options.build();
    }

    private Map<String, String> extensions() {
        Map<String, String> extensions = new TreeMap<>();
        SHARED.forEach(name -> body.get(name).ifPresent(value -> extensions.put(name, value.toString())));
        if (body.has("text")) {
            body.object("text").get("verbosity").ifPresent(v -> extensions.put("verbosity", v.toString()));
        }
        return extensions;
    }
}
