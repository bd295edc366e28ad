package forge.ai.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Reasoning;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** A recorded request for a response in the runtime's terms; fields without a common form become extensions. */
record RecordedResponsesRequest(JsonNode body) {

    private static final Set<String> COMMON = Set.of(
            "model",
            "input",
            "instructions",
            "tools",
            "tool_choice",
            "text",
            "reasoning",
            "stream",
            "max_output_tokens",
            "temperature",
            "top_p",
            "top_logprobs",
            "parallel_tool_calls",
            "user");

    ChatRequest chat() {
        List<Message> messages = new ArrayList<>();
        if (body.path("instructions").isTextual()) {
            messages.add(Message.system(body.get("instructions").textValue()));
        }
        if (body.path("input").isTextual()) {
            messages.add(Message.user(body.get("input").textValue()));
        }
        if (body.path("input").isArray()) {
            body.get("input").forEach(item -> messages.add(message(item)));
        }
        Map<String, String> extensions = new HashMap<>();
        body.properties().forEach(field -> {
            if (!COMMON.contains(field.getKey()) && !field.getValue().isNull()) {
                extensions.put(field.getKey(), field.getValue().toString());
            }
        });
        extensions.put("tools", own().toString());
        without("text", "format", extensions);
        without("reasoning", "effort", extensions);
        return ChatRequest.builder(body.get("model").textValue())
                .messages(messages)
                .tools(tools())
                .toolChoice(choice())
                .format(format(body.at("/text/format")))
                .options(options())
                .extensions(extensions)
                .build();
    }

    private void without(String object, String field, Map<String, String> extensions) {
        if (body.path(object) instanceof ObjectNode node) {
            extensions.put(object, node.deepCopy().without(field).toString());
        }
    }

    private static Message message(JsonNode item) {
        return switch (item.path("type").asText("message")) {
            case "message" -> said(item);
            case "reasoning" -> assistant(new Content.Thinking("", item.toString(), ""));
            case "function_call" ->
                assistant(new Content.ToolCall(
                        item.get("call_id").textValue(),
                        item.get("name").textValue(),
                        item.get("arguments").textValue()));
            case "function_call_output" ->
                Message.tool(new Content.ToolResult(item.get("call_id").textValue(), parts(item.get("output")), false));
            default -> assistant(new Content.Extension("openai", item.toString()));
        };
    }

    private static Message assistant(Content content) {
        return new Message(Message.Role.ASSISTANT, List.of(content));
    }

    private static Message said(JsonNode item) {
        Message.Role role = switch (item.get("role").textValue()) {
            case "system", "developer" -> Message.Role.SYSTEM;
            case "user" -> Message.Role.USER;
            case "assistant" -> Message.Role.ASSISTANT;
            default -> throw new IllegalStateException(item.toString());
        };
        return new Message(role, parts(item.get("content")));
    }

    private static List<Content> parts(JsonNode said) {
        List<Content> content = new ArrayList<>();
        if (said.isTextual()) {
            content.add(new Content.Text(said.textValue()));
        }
        said.forEach(part -> content.add(
                switch (part.get("type").textValue()) {
                    case "input_text", "output_text" ->
                        new Content.Text(part.get("text").textValue());
                    case "refusal" -> new Content.Refusal(part.get("refusal").textValue());
                    case "input_image" -> image(part);
                    default -> new Content.Extension("openai", part.toString());
                }));
        return content;
    }

    private static Content image(JsonNode part) {
        String url = part.get("image_url").textValue();
        String detail = part.path("detail").asText("");
        if (!url.startsWith("data:")) {
            return new Content.ImageLink(URI.create(url), detail);
        }
        int semicolon = url.indexOf(";base64,");
        return new Content.Image(
                url.substring("data:".length(), semicolon), url.substring(semicolon + ";base64,".length()), detail);
    }

    private List<Tool> tools() {
        List<Tool> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            if (tool.get("type").textValue().equals("function")) {
                tools.add(new Tool(
                        tool.get("name").textValue(),
                        tool.path("description").asText(""),
                        tool.get("parameters").toString(),
                        tool.path("strict").asBoolean()));
            }
        }
        return tools;
    }

    private ArrayNode own() {
        ArrayNode own = JsonNodeFactory.instance.arrayNode();
        for (JsonNode tool : body.path("tools")) {
            if (!tool.get("type").textValue().equals("function")) {
                own.add(tool);
            }
        }
        return own;
    }

    private ToolChoice choice() {
        JsonNode choice = body.path("tool_choice");
        if (choice.isObject()) {
            return new ToolChoice.Named(choice.get("name").textValue());
        }
        return switch (choice.asText("auto")) {
            case "none" -> ToolChoice.NONE;
            case "required" -> ToolChoice.REQUIRED;
            default -> ToolChoice.AUTO;
        };
    }

    private static ResponseFormat format(JsonNode format) {
        return switch (format.path("type").asText("text")) {
            case "json_object" -> ResponseFormat.JSON;
            case "json_schema" ->
                new ResponseFormat.JsonSchema(
                        format.get("name").textValue(),
                        format.get("schema").toString(),
                        format.path("strict").asBoolean());
            default -> ResponseFormat.TEXT;
        };
    }

    private GenerationOptions options() {
        GenerationOptions.Builder options = GenerationOptions.builder();
        body.properties().stream().filter(f -> !f.getValue().isNull()).forEach(field -> {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "max_output_tokens" -> options.maxTokens(value.intValue());
                case "temperature" -> options.temperature(value.doubleValue());
                case "top_p" -> options.topP(value.doubleValue());
                case "top_logprobs" -> options.logprobs(value.intValue());
                case "parallel_tool_calls" -> options.parallelToolCalls(value.booleanValue());
                case "user" -> options.user(value.textValue());
                case "reasoning" ->
                    options.reasoning(new Reasoning(value.path("effort").asText(""), OptionalInt.empty()));
                default -> {
                    // No option.
                }
            }
        });
        return options.build();
    }
}
