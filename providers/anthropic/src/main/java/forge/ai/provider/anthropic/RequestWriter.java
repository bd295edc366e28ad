package forge.ai.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Extensions;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.support.anthropic.BlockWriter;
import forge.ai.runtime.support.anthropic.Messages;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes a request of ours in the words of the interface. */
final class RequestWriter implements Outgoing {

    private static final Set<String> OWN = Set.of(
            "model",
            "messages",
            "system",
            "stream",
            "tools",
            "output_config",
            "betas",
            "temperature",
            "top_p",
            "top_k");

    private final ChatRequest request;
    private final GenerationOptions options;
    private final int maxTokens;
    private final Omissions omissions;
    private final Map<String, String> extensions;
    private final Turns turns;
    private final Optional<AnswerTool> answerTool;
    private final Optional<Thinking> thinking;

    /** @param maxTokens the most tokens of the answer where the request does not say */
    RequestWriter(ChatRequest request, int maxTokens, Omissions omissions) {
        this.request = request;
        this.options = request.options();
        this.maxTokens = maxTokens;
        this.omissions = omissions;
        this.extensions = Extensions.of(Messages.DIALECT, request.extensions());
        this.turns = new Turns(request.messages());
        this.answerTool = AnswerTool.of(request);
        this.thinking = thinking();
    }

    private Optional<Thinking> thinking() {
        Optional<Thinking> asked = extensions.containsKey("thinking")
                ? Optional.empty()
                : options.reasoning()
                        .flatMap(r -> Thinking.of(r, ClaudeModel.of(request.model()), options.maxTokens(), omissions));
        if (asked.filter(t -> t.budget() > 0).isEmpty()) {
            return asked;
        }
        boolean forced = answerTool.isPresent()
                || request.toolChoice() instanceof ToolChoice.Required
                || request.toolChoice() instanceof ToolChoice.Named;
        if (forced || turns.goesOnWithoutThought()) {
            omissions.tell(
                    "reasoning",
                    forced
                            ? "it does not go with a tool that has to be used"
                            : "earlier calls of tools have no thought");
            return Optional.empty();
        }
        return asked;
    }

    @Override
    public Optional<AnswerTool> answerTool() {
        return answerTool;
    }

    @Override
    public boolean samples() {
        return options.temperature().isPresent()
                || options.topP().isPresent()
                || options.topK().isPresent();
    }

    @Override
    public byte[] message(Plan plan, boolean stream) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("model", request.model());
            json.writeNumberField("max_tokens", maxTokens());
            input(json);
            options(json, plan.sampling());
            if (stream) {
                json.writeBooleanField("stream", true);
            }
            extensions(json, extensions.keySet());
            json.writeEndObject();
        });
    }

    private int maxTokens() {
        return options.maxTokens()
                .orElse(maxTokens + thinking.map(Thinking::budget).orElse(0));
    }

    @Override
    public byte[] count() {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("model", request.model());
            input(json);
            extensions(json, COUNTED);
            json.writeEndObject();
        });
    }

    private void extensions(JsonGenerator json, Set<String> which) throws IOException {
        for (Map.Entry<String, String> extension : extensions.entrySet()) {
            if (which.contains(extension.getKey()) && !OWN.contains(extension.getKey())) {
                json.writeFieldName(extension.getKey());
                Json.writeRaw(json, extension.getValue(), extension.getKey());
            }
        }
    }

    /** All that the model reads, and what bears on how that is counted. */
    private void input(JsonGenerator json) throws IOException {
        if (turns.system().stream().anyMatch(BlockWriter::hasBlock)) {
            json.writeFieldName("system");
            BlockWriter.write(json, turns.system());
        }
        json.writeArrayFieldStart("messages");
        turns.<IOException>forEach((role, content) -> {
            json.writeStartObject();
            json.writeStringField("role", role);
            json.writeFieldName("content");
            BlockWriter.write(json, content);
            json.writeEndObject();
        });
        json.writeEndArray();
        ToolsWriter.tools(json, request, extensions.getOrDefault("tools", ""), answerTool);
        if (!extensions.containsKey("tool_choice")) {
            ToolsWriter.choice(json, request, answerTool);
        }
        if (thinking.isPresent()) {
            thinking.get().write(json);
        }
        outputConfig(json);
    }

    private void outputConfig(JsonGenerator json) throws IOException {
        ObjectNode config = object("output_config");
        String effort = options.reasoning().map(Thinking::effort).orElse("");
        boolean none = effort.isEmpty() || effort.equals("none");
        if (!none && !config.has("effort") && ClaudeModel.of(request.model()).thinksAdaptively()) {
            config.put("effort", effort);
        }
        if (answerTool.isEmpty() && request.format() instanceof ResponseFormat.JsonSchema schema) {
            config.putObject("format")
                    .put("type", "json_schema")
                    .set("schema", tree(schema.schema(), "the schema of the response format"));
        }
        if (!config.isEmpty()) {
            json.writeFieldName("output_config");
            json.writeRawValue(config.toString());
        }
    }

    private ObjectNode object(String extension) {
        String text = extensions.get(extension);
        if (text == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (tree(text, extension) instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidRequestException(extension + " is not a JSON object");
    }

    private static JsonNode tree(String text, String what) {
        try {
            return Json.read(text);
        } catch (IOException e) {
            throw new InvalidRequestException(what + " is not JSON");
        }
    }

    private void options(JsonGenerator json, boolean sampling) throws IOException {
        if (sampling && thinking.isPresent()) {
            if (samples()) {
                omissions.tell(String.join(", ", Plans.SAMPLING), "they do not go with reasoning");
            }
        } else if (sampling) {
            sampling(json);
        }
        List<String> stop =
                options.stop().stream().filter(text -> !text.isBlank()).toList();
        if (stop.size() < options.stop().size()) {
            omissions.tell("a stop sequence of white space", "the interface does not take it");
        }
        if (!stop.isEmpty()) {
            json.writeArrayFieldStart("stop_sequences");
            for (String text : stop) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
        if (!options.user().isEmpty() && !extensions.containsKey("metadata")) {
            json.writeObjectFieldStart("metadata");
            json.writeStringField("user_id", options.user());
            json.writeEndObject();
        }
    }

    private void sampling(JsonGenerator json) throws IOException {
        if (options.temperature().isPresent()) {
            // Others count up to 2.
            json.writeNumberField(
                    "temperature", Math.min(1, options.temperature().getAsDouble()));
        }
        if (options.topP().isPresent()) {
            json.writeNumberField("top_p", options.topP().getAsDouble());
        }
        if (options.topK().isPresent()) {
            json.writeNumberField("top_k", options.topK().getAsInt());
        }
    }
}
