package forge.ai.runtime.support.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Reasoning;
import java.util.Optional;
import java.util.OptionalInt;

/** Ollama's {@code think}: true, false, or one of its levels. */
public final class Think {

    private Think() {}

    /** How much to think, if the field says so; true is for the model to measure. */
    public static Optional<Reasoning> read(JsonNode think) {
        if (think.isBoolean()) {
            return Optional.of(new Reasoning(think.booleanValue() ? "" : "none", OptionalInt.empty()));
        }
        return think.isTextual() && !think.textValue().isEmpty()
                ? Optional.of(new Reasoning(think.textValue(), OptionalInt.empty()))
                : Optional.empty();
    }

    /** The value for it, as JSON text; the levels of other vendors that Ollama would refuse become the next one. */
    public static String write(Reasoning reasoning) {
        return switch (reasoning.effort()) {
            case "none" -> "false";
            case "" -> reasoning.budgetTokens().orElse(1) > 0 ? "true" : "false";
            case "minimal" -> "\"low\"";
            case "low", "medium", "high", "max" -> "\"" + reasoning.effort() + "\"";
            case "xhigh" -> "\"max\"";
            default -> "true";
        };
    }
}
