package forge.ai.api.prompt;

import java.util.Objects;

/**
 * A value that a prompt is filled with.
 *
 * @param name letters, digits and {@code _}
 * @param type what it is
 * @param description what it is for, or empty
 * @param required whether it has to be given
 * @param allowed which values are allowed, and what holds where none is given, in words
 */
public record PromptVariable(String name, Type type, String description, boolean required, String allowed) {

    /** What a variable is. */
    public enum Type {
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        /** One of several texts. */
        ENUM,
        /** Several texts. */
        LIST
    }

    public PromptVariable {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(allowed, "allowed");
    }
}
