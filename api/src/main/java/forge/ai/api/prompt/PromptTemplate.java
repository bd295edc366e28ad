package forge.ai.api.prompt;

import java.util.List;
import java.util.Objects;

/**
 * A prompt that can be filled.
 *
 * @param name its name
 * @param description what it is for, or empty
 * @param variables what it is filled with, in the order of its configuration
 */
public record PromptTemplate(String name, String description, List<PromptVariable> variables) {

    public PromptTemplate {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        variables = List.copyOf(variables);
    }
}
