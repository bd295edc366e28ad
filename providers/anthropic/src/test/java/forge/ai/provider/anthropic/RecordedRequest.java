package forge.ai.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Extensions;
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
import java.util.TreeSet;

/** A request that was once sent to Anthropic, in our own form. */
record RecordedRequest(JsonNode body) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> COMMON = Set.of(
            "model",
            "messages",
            "system",
            "max_tokens",
            "stream",
            "tools",
            "tool_choice",
            "temperature",
            "thinking",
            "output_config");

    ChatRequest chat() {
        List<Message> messages = new ArrayList<>();
        if (body.has("system")) {
            messages.add(new Message(Message.Role.SYSTEM, content(body.get("system"))));
        }
        body.get("messages").forEach(message -> add(message, messages));
        Map<String, String> extensions = new HashMap<>();
        body.properties().forEach(field -> {
            if (!COMMON.contains(field.getKey()) && !field.getValue().isNull()) {
                extensions.put(
                        Extensions.name("anthropic", field.getKey()),
                        field.getValue().toString());
            }
        });
        List<Tool> tools = tools(extensions);
        ObjectNode output = body.path("output_config").isObject()
                ? body.get("output_config").deepCopy()
                : MAPPER.createObjectNode();
        ResponseFormat format = output.has("format")
                ? new ResponseFormat.JsonSchema(
                        "answer", output.remove("format").get("schema").toString(), true)
                : ResponseFormat.TEXT;
        GenerationOptions options = options(output);
        if (!output.isEmpty()) {
            extensions.put(Extensions.name("anthropic", "output_config"), output.toString());
        }
        return ChatRequest.builder(body.get("model").textValue())
                .messages(messages)
                .tools(tools)
                .toolChoice(choice(body.path("tool_choice")))
                .format(format)
                .options(options)
                .extensions(extensions)
                .build();
    }

    private GenerationOptions options(ObjectNode output) {
        GenerationOptions.Builder options = GenerationOptions.builder();
        if (body.has("max_tokens")) {
            options.maxTokens(body.get("max_tokens").intValue());
        }
        if (body.has("temperature")) {
            options.temperature(body.get("temperature").doubleValue());
        }
        if (body.at("/tool_choice/disable_parallel_tool_use").asBoolean()) {
            options.parallelToolCalls(false);
        }
        JsonNode thinking = body.path("thinking");
        if (thinking.isObject()) {
            String effort = output.has("effort") ? output.remove("effort").textValue() : "";
            JsonNode budget = thinking.path("budget_tokens");
            options.reasoning(
                    new Reasoning(effort, budget.isNumber() ? OptionalInt.of(budget.intValue()) : OptionalInt.empty()));
        }
        return options.build();
    }

    private List<Tool> tools(Map<String, String> extensions) {
        List<Tool> tools = new ArrayList<>();
        ArrayNode own = MAPPER.createArrayNode();
        ObjectNode besides = MAPPER.createObjectNode();
        for (JsonNode tool : body.path("tools")) {
            if (!tool.has("input_schema")) {
                own.add(tool);
                continue;
            }
            ObjectNode more = tool.deepCopy();
            more.remove(new TreeSet<>(Set.of("name", "description", "input_schema")));
            if (!more.isEmpty()) {
                besides.set(tool.get("name").textValue(), more);
            }
            tools.add(new Tool(
                    tool.get("name").textValue(),
                    tool.path("description").asText(),
                    tool.get("input_schema").toString(),
                    false));
        }
        if (!own.isEmpty()) {
            extensions.put("anthropic:tools", own.toString());
        }
        if (!besides.isEmpty()) {
            extensions.put("anthropic:tool_fields", besides.toString());
        }
        return tools;
    }

    private static ToolChoice choice(JsonNode choice) {
        return switch (choice.path("type").asText("auto")) {
            case "auto" -> ToolChoice.AUTO;
            case "any" -> ToolChoice.REQUIRED;
            case "none" -> ToolChoice.NONE;
            case "tool" -> new ToolChoice.Named(choice.get("name").textValue());
            default -> throw new IllegalStateException(choice.toString());
        };
    }

    private static void add(JsonNode message, List<Message> messages) {
        List<Content> content = content(message.get("content"));
        List<Content> results =
                content.stream().filter(Content.ToolResult.class::isInstance).toList();
        switch (message.get("role").textValue()) {
            case "assistant" -> messages.add(new Message(Message.Role.ASSISTANT, content));
            case "system" -> messages.add(new Message(Message.Role.SYSTEM, content));
            case "user" -> {
                if (!results.isEmpty()) {
                    messages.add(new Message(Message.Role.TOOL, results));
                }
                if (results.size() < content.size()) {
                    List<Content> said = new ArrayList<>(content);
                    said.removeAll(results);
                    messages.add(new Message(Message.Role.USER, said));
                }
            }
            default -> throw new IllegalStateException(message.toString());
        }
    }

    private static List<Content> content(JsonNode content) {
        List<Content> all = new ArrayList<>();
        if (content.isTextual()) {
            all.add(new Content.Text(content.textValue()));
            return all;
        }
        for (JsonNode block : content) {
            all.add(block(block));
            JsonNode mark = block.path("cache_control");
            if (mark.isObject() && !(all.getLast() instanceof Content.Extension)) {
                all.add(new Content.CachePoint(mark.path("ttl").asText()));
            }
        }
        return all;
    }

    private static Content block(JsonNode block) {
        JsonNode source = block.path("source");
        return switch (block.get("type").textValue()) {
            case "text" -> new Content.Text(block.get("text").textValue());
            case "thinking" ->
                new Content.Thinking(
                        block.get("thinking").textValue(),
                        block.get("signature").textValue(),
                        "");
            case "redacted_thinking" ->
                new Content.Thinking("", "", block.get("data").textValue());
            case "tool_use" ->
                new Content.ToolCall(
                        block.get("id").textValue(),
                        block.get("name").textValue(),
                        block.get("input").toString());
            case "tool_result" ->
                new Content.ToolResult(
                        block.get("tool_use_id").textValue(),
                        block.has("content") ? content(block.get("content")) : List.of(),
                        block.path("is_error").asBoolean());
            case "image" ->
                source.get("type").textValue().equals("url")
                        ? new Content.ImageLink(URI.create(source.get("url").textValue()), "")
                        : new Content.Image(
                                source.get("media_type").textValue(),
                                source.get("data").textValue(),
                                "");
            default -> new Content.Extension("anthropic", block.toString());
        };
    }
}
