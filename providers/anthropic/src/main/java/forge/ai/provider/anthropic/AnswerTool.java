package forge.ai.provider.anthropic;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import java.util.Optional;

/**
 * A tool of our own that the model has to give its answer with, where that must be JSON and the interface has no other way:
 * for JSON without a schema, and for models that cannot be held to one. What it is called with is the answer.
 *
 * @param name another than that of each tool of the request
 */
record AnswerTool(String name, String schema) {

    private static final String DESCRIPTION = "Gives the answer to the user, as JSON. Use it for every answer.";

    private static final String ANY_OBJECT = "{\"type\":\"object\",\"additionalProperties\":true}";

    /** None where the answer may be a text, is held to a schema, or cannot be but calls of the request's own tools. */
    static Optional<AnswerTool> of(ChatRequest request) {
        if (request.toolChoice() instanceof ToolChoice.Required || request.toolChoice() instanceof ToolChoice.Named) {
            return Optional.empty();
        }
        return switch (request.format()) {
            case ResponseFormat.Text text -> Optional.empty();
            case ResponseFormat.Json json -> Optional.of(new AnswerTool(name(request), ANY_OBJECT));
            case ResponseFormat.JsonSchema schema ->
                ClaudeModel.of(request.model()).takesSchema()
                        ? Optional.empty()
                        : Optional.of(new AnswerTool(name(request), schema.schema()));
        };
    }

    Tool tool() {
        return new Tool(name, DESCRIPTION, schema, false);
    }

    private static String name(ChatRequest request) {
        StringBuilder name = new StringBuilder("answer_in_json");
        while (request.tools().stream().map(Tool::name).anyMatch(name.toString()::equals)) {
            name.append('_');
        }
        return name.toString();
    }
}
