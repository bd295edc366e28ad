package forge.ai.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.Reasoning;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How much a model is to think, in the words that it takes: earlier ones are told how many tokens, later ones find out
 * themselves and are told how hard to try.
 *
 * @param budget tokens to think with; 0 where the model finds out itself
 * @param shown whether the thoughts have to be asked for
 */
record Thinking(int budget, boolean shown) {

    /** The effort that is no thinking. */
    static final String NONE = "none";

    private static final int LEAST = 1024;

    /** None if the model is not to think, or cannot. */
    static Optional<Thinking> of(Reasoning reasoning, ClaudeModel model, OptionalInt maxTokens, Omissions omissions) {
        if (!model.thinks()) {
            omissions.tell("reasoning", "the model does not think");
            return Optional.empty();
        }
        String effort = effort(reasoning);
        if (effort.equals(NONE)) {
            return Optional.empty();
        }
        boolean told = reasoning.budgetTokens().isPresent() && model.takesBudget();
        if (!told && model.thinksAdaptively()) {
            return Optional.of(new Thinking(0, model.hidesThoughts()));
        }
        int budget = Math.max(LEAST, reasoning.budgetTokens().orElse(usual(effort)));
        // What it thinks is part of the answer, and something must be left for the rest.
        int possible = Math.min(budget, maxTokens.orElse(Integer.MAX_VALUE) - 1);
        if (possible < LEAST) {
            omissions.tell("reasoning", "it takes more than " + LEAST + " tokens, and so many are not allowed");
            return Optional.empty();
        }
        return Optional.of(new Thinking(possible, false));
    }

    /** The effort in the words of the interface, or empty. */
    static String effort(Reasoning reasoning) {
        String effort = reasoning.effort().toLowerCase(Locale.ROOT);
        return effort.equals("minimal") ? "low" : effort;
    }

    private static int usual(String effort) {
        return switch (effort) {
            case "low" -> 2048;
            case "high" -> 16_384;
            case "xhigh", "max" -> 32_000;
            default -> 8192;
        };
    }

    void write(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("thinking");
        json.writeStringField("type", budget > 0 ? "enabled" : "adaptive");
        if (budget > 0) {
            json.writeNumberField("budget_tokens", budget);
        }
        if (shown) {
            json.writeStringField("display", "summarized");
        }
        json.writeEndObject();
    }
}
