package forge.ai.api.llm;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * How much the model thinks before it speaks.
 *
 * @param effort in the vendor's words ({@code none}, {@code low}, {@code medium}, {@code high} ...), or empty
 * @param budgetTokens the most tokens to think with, where set
 */
public record Reasoning(String effort, OptionalInt budgetTokens) {
    public Reasoning {
        Objects.requireNonNull(effort, "effort");
        Objects.requireNonNull(budgetTokens, "budgetTokens");
    }
}
