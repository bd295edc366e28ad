package forge.ai.api.llm;

import java.util.Objects;

/** Whether the model has to use a tool. */
public sealed interface ToolChoice {

    /** As the model likes. */
    ToolChoice AUTO = new Auto();

    /** No tool. */
    ToolChoice NONE = new None();

    /** At least one tool. */
    ToolChoice REQUIRED = new Required();

    /** See {@link #AUTO}. */
    record Auto() implements ToolChoice {}

    /** See {@link #NONE}. */
    record None() implements ToolChoice {}

    /** See {@link #REQUIRED}. */
    record Required() implements ToolChoice {}

    /** This tool. */
    record Named(String name) implements ToolChoice {
        public Named {
            Objects.requireNonNull(name, "name");
        }
    }
}
