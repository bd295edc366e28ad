package forge.ai.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.support.anthropic.BlockWriter;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Writes a request of ours in the words of the interface. */
final class RequestWriter implements Outgoing {

    private static final String OUTPUT = "output_config";
    private static final String THINKING = "thinking";

    /** Fields that are written here, whatever else comes along. */
    private static final Set<String> OWN = Set.of(
            "model",
            "max_tokens",
            "messages",
            "system",
            "stream",
            Sampling.TEMPERATURE,
            Sampling.TOP_P,
            Sampling.TOP_K,
            OUTPUT,
            OptionsWriter.METADATA,
            ToolsWriter.TOOLS,
            ToolsWriter.TOOL_FIELDS,
            Betas.FIELD);

    private final ChatRequest request;
    private final ClaudeModel model;
    private final int maxTokens;
    private final Omissions omissions;
    private final Extras extras;
    private final Turns turns;
    private final OptionsWriter options;
    private final Optional<AnswerTool> answerTool;
    private final Optional<Thinking> thinking;

    /** @param maxTokens the most tokens of the answer where the request does not say */
    RequestWriter(ChatRequest request, int maxTokens, Omissions omissions) {
        this.request = request;
        this.model = ClaudeModel.of(request.model());
        this.maxTokens = maxTokens;
        this.omissions = omissions;
        this.extras = Extras.of(request);
        this.turns = new Turns(request.messages());
        this.options = new OptionsWriter(request.options(), omissions);
        this.answerTool = AnswerTool.of(request);
        this.thinking = extras.has(THINKING) ? Optional.empty() : thinking();
    }

    private Optional<Thinking> thinking() {
        Optional<Thinking> asked = request.options()
                .reasoning()
                .flatMap(r -> Thinking.of(r, model, request.options().maxTokens(), omissions));
        if (asked.filter(t -> t.budget() > 0).isEmpty()) {
            return asked;
        }
        boolean forced = answerTool.isPresent()
                || request.toolChoice() instanceof ToolChoice.Required
                || request.toolChoice() instanceof ToolChoice.Named;
        if (forced) {
            omissions.tell("reasoning", "it does not go with a tool that has to be used");
        } else if (turns.goesOnWithoutThought()) {
            omissions.tell("reasoning", "earlier calls of tools have no thought");
        } else {
            return asked;
        }
        return Optional.empty();
    }

    @Override
    public Optional<AnswerTool> answerTool() {
        return answerTool;
    }

    @Override
    public Need need() {
        return new Need(request.model(), options.samples(), turns.anyOwn(Need::former));
    }

    @Override
    public byte[] message(Plan plan, boolean stream) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("model", request.model());
            json.writeNumberField("max_tokens", maxTokens());
            input(json);
            if (plan.sampling() != Sampling.NONE && thinking.isEmpty()) {
                options.sampling(json, plan.sampling());
            } else if (plan.sampling() != Sampling.NONE && options.samples()) {
                omissions.tell(String.join(", ", Sampling.FIELDS), "they do not go with reasoning");
            }
            options.stop(json);
            options.metadata(json, extras);
            if (stream) {
                json.writeBooleanField("stream", true);
            }
            extras.write(json, name -> !OWN.contains(name));
            json.writeEndObject();
        });
    }

    private int maxTokens() {
        return request.options()
                .maxTokens()
                .orElse(maxTokens + thinking.map(Thinking::budget).orElse(0));
    }

    @Override
    public byte[] count() {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("model", request.model());
            input(json);
            extras.write(json, name -> COUNTED.contains(name) && !OWN.contains(name));
            json.writeEndObject();
        });
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
        new ToolsWriter(request, extras, answerTool).write(json);
        if (thinking.isPresent()) {
            thinking.get().write(json);
        }
        output(json);
    }

    private void output(JsonGenerator json) throws IOException {
        ObjectNode output = extras.object(OUTPUT);
        String effort = request.options().reasoning().map(Thinking::effort).orElse("");
        if (!effort.isEmpty() && !effort.equals(Thinking.NONE) && model.thinksAdaptively() && !output.has("effort")) {
            output.put("effort", effort);
        }
        if (answerTool.isEmpty() && request.format() instanceof ResponseFormat.JsonSchema format) {
            output.putObject("format")
                    .put("type", "json_schema")
                    .set("schema", Extras.tree(format.schema(), "the schema of the response format"));
        }
        if (!output.isEmpty()) {
            json.writeFieldName(OUTPUT);
            json.writeRawValue(output.toString());
        }
    }
}
