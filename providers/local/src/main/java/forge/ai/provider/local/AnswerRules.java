package forge.ai.provider.local;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.provider.local.grammar.Grammar;
import forge.ai.provider.local.grammar.SchemaCompiler;
import forge.ai.provider.local.grammar.SchemaException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What form a request wants its answer kept to, as a grammar. */
sealed interface AnswerRules {

    Grammar grammar();

    /** Some object. */
    record AnyObject() implements AnswerRules {
        @Override
        public Grammar grammar() {
            return SchemaCompiler.anyObject();
        }
    }

    /** What is valid by a schema. */
    record Schema(String schema, boolean strict) implements AnswerRules {
        @Override
        public Grammar grammar() {
            return SchemaCompiler.of(schema, strict);
        }
    }

    /**
     * A call of a tool.
     *
     * @param schemas of the arguments, by the names of the tools
     */
    record Call(AnswerForm.Calls form, Map<String, String> schemas) implements AnswerRules {
        @Override
        public Grammar grammar() {
            return switch (form) {
                case TAGGED -> SchemaCompiler.call("<tool_call>\n", "arguments", schemas, "\n</tool_call>");
                case LISTED -> SchemaCompiler.call("[TOOL_CALLS] [", "arguments", schemas, "]");
                case BARE, NONE -> SchemaCompiler.call("", "parameters", schemas, "");
            };
        }
    }

    /**
     * Those of a request; empty if it takes any text.
     *
     * @param form how the model writes calls
     */
    static Optional<AnswerRules> of(ChatRequest request, AnswerForm.Calls form) {
        Map<String, String> schemas = new LinkedHashMap<>();
        for (Tool tool : request.tools()) {
            boolean wanted = switch (request.toolChoice()) {
                case ToolChoice.Required required -> true;
                case ToolChoice.Named named -> named.name().equals(tool.name());
                case ToolChoice.Auto auto -> false;
                case ToolChoice.None none -> false;
            };
            if (wanted) {
                schemas.put(tool.name(), tool.parameters().isBlank() ? "{\"type\": \"object\"}" : tool.parameters());
            }
        }
        if (request.toolChoice() instanceof ToolChoice.Named named && schemas.isEmpty()) {
            throw new InvalidRequestException(
                    "there is no tool " + named.name(), ErrorDetails.NONE.withParameter("tool_choice"));
        }
        if (!schemas.isEmpty()) {
            return Optional.of(new Call(form, schemas));
        }
        return switch (request.format()) {
            case ResponseFormat.Text text -> Optional.empty();
            case ResponseFormat.Json json -> Optional.of(new AnyObject());
            case ResponseFormat.JsonSchema schema -> Optional.of(new Schema(schema.schema(), schema.strict()));
        };
    }

    /** The grammar, or what the caller is told. */
    default Grammar compile() {
        try {
            return grammar();
        } catch (SchemaException e) {
            ErrorDetails details = ErrorDetails.NONE.withParameter(this instanceof Call ? "tools" : "response_format");
            if (e.unsupported()) {
                throw new UnsupportedException(String.valueOf(e.getMessage()), details);
            }
            throw new InvalidRequestException(String.valueOf(e.getMessage()), details);
        }
    }
}
