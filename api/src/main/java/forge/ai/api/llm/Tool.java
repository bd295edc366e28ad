package forge.ai.api.llm;

import java.util.Objects;

/**
 * A tool that the model may ask for.
 *
 * @param name letters, digits, {@code _ -}
 * @param description what it does and when to use it, or empty
 * @param parameters JSON Schema of its arguments, an object, as text
 * @param strict whether the arguments must follow the schema exactly, where the vendor can enforce it
 */
public record Tool(String name, String description, String parameters, boolean strict) {
    public Tool {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(parameters, "parameters");
    }
}
