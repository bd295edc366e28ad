package forge.ai.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.EmbeddingRequest;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A recorded request in the runtime's terms; fields without a common form become extensions. */
record RecordedRequest(JsonNode body) {

    private static final Set<String> COMMON = Set.of(
            "model",
            "messages",
            "tools",
            "tool_choice",
            "response_format",
            "stream",
            "stream_options",
            "prompt",
            "input",
            "dimensions",
            "max_tokens",
            "temperature",
            "top_p",
            "frequency_penalty",
            "presence_penalty",
            "seed",
            "stop",
            "logprobs",
            "reasoning_effort",
            "parallel_tool_calls",
            "user");

    ChatRequest chat() {
        List<Message> messages = new ArrayList<>();
        body.get("messages").forEach(message -> messages.add(message(message)));
        List<Tool> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            JsonNode function = tool.get("function");
            JsonNode schema = function.path("parameters");
            tools.add(new Tool(
                    function.get("name").textValue(),
                    function.path("description").asText(),
                    schema.isMissingNode() ? "" : schema.toString(),
                    function.path("strict").asBoolean()));
        }
        JsonNode named = body.at("/tool_choice/function/name");
        boolean json = body.at("/response_format/type").asText().equals("json_object");
        return ChatRequest.builder(body.get("model").textValue())
                .messages(messages)
                .tools(tools)
                .toolChoice(named.isMissingNode() ? ToolChoice.AUTO : new ToolChoice.Named(named.textValue()))
                .format(json ? ResponseFormat.JSON : ResponseFormat.TEXT)
                .options(options())
                .extensions(extensions())
                .build();
    }

    CompletionRequest text() {
        return new CompletionRequest(
                body.get("model").textValue(), body.get("prompt").textValue(), options(), extensions());
    }

    EmbeddingRequest vectors() {
        List<String> inputs = new ArrayList<>();
        JsonNode input = body.get("input");
        if (input.isTextual()) {
            inputs.add(input.textValue());
        } else {
            input.forEach(text -> inputs.add(text.textValue()));
        }
        OptionalInt dimensions =
                body.has("dimensions") ? OptionalInt.of(body.get("dimensions").intValue()) : OptionalInt.empty();
        return new EmbeddingRequest(body.get("model").textValue(), inputs, dimensions, Optional.empty(), extensions());
    }

    private static Message message(JsonNode message) {
        List<Content> content = new ArrayList<>();
        JsonNode thought = message.path(message.has("reasoning_content") ? "reasoning_content" : "reasoning");
        if (thought.isTextual()) {
            content.add(Content.Thinking.of(thought.textValue()));
        }
        JsonNode said = message.path("content");
        if (said.isTextual()) {
            content.add(new Content.Text(said.textValue()));
        }
        said.forEach(part -> content.add(part(part)));
        for (JsonNode call : message.path("tool_calls")) {
            content.add(new Content.ToolCall(
                    call.get("id").textValue(),
                    call.at("/function/name").textValue(),
                    call.at("/function/arguments").textValue()));
        }
        return switch (message.get("role").textValue()) {
            case "system", "developer" -> new Message(Message.Role.SYSTEM, content);
            case "user" -> new Message(Message.Role.USER, content);
            case "assistant" -> new Message(Message.Role.ASSISTANT, content);
            case "tool" ->
                Message.tool(new Content.ToolResult(message.get("tool_call_id").textValue(), content, false));
            default -> throw new IllegalStateException(message.toString());
        };
    }

    private static Content part(JsonNode part) {
        JsonNode url = part.at("/image_url/url");
        return switch (part.get("type").textValue()) {
            case "text" -> new Content.Text(part.get("text").textValue());
            case "image_url" ->
                image(url.textValue(), part.at("/image_url/detail").asText());
            default -> new Content.Extension("openai", part.toString());
        };
    }

    private static Content image(String url, String detail) {
        if (!url.startsWith("data:")) {
            return new Content.ImageLink(URI.create(url), detail);
        }
        int semicolon = url.indexOf(";base64,");
        return new Content.Image(
                url.substring("data:".length(), semicolon), url.substring(semicolon + ";base64,".length()), detail);
    }

    private GenerationOptions options() {
        GenerationOptions.Builder options = GenerationOptions.builder();
        body.properties().forEach(field -> option(options, field.getKey(), field.getValue()));
        return options.build();
    }

    private static void option(GenerationOptions.Builder options, String name, JsonNode value) {
        switch (name) {
            case "max_tokens" -> options.maxTokens(value.intValue());
            case "temperature" -> options.temperature(value.doubleValue());
            case "top_p" -> options.topP(value.doubleValue());
            case "frequency_penalty" -> options.frequencyPenalty(value.doubleValue());
            case "presence_penalty" -> options.presencePenalty(value.doubleValue());
            case "seed" -> options.seed(value.longValue());
            case "logprobs" -> options.logprobs(value.intValue());
            case "reasoning_effort" -> options.reasoning(new Reasoning(value.textValue(), OptionalInt.empty()));
            case "parallel_tool_calls" -> options.parallelToolCalls(value.booleanValue());
            case "user" -> options.user(value.textValue());
            case "stop" -> {
                List<String> stop = new ArrayList<>();
                value.forEach(one -> stop.add(one.textValue()));
                options.stop(stop);
            }
            default -> {
                // No option.
            }
        }
    }

    private Map<String, String> extensions() {
        Map<String, String> extensions = new HashMap<>();
        body.properties().forEach(field -> {
            if (!COMMON.contains(field.getKey())) {
                extensions.put(field.getKey(), field.getValue().toString());
            }
        });
        return extensions;
    }
}
