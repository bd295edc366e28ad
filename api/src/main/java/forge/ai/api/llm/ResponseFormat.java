package forge.ai.api.llm;

import java.util.Objects;

/** What form the answer must have. */
public sealed interface ResponseFormat {

    /** Any text. */
    ResponseFormat TEXT = new Text();

    /** Some JSON object. */
    ResponseFormat JSON = new Json();

    /** See {@link #TEXT}. */
    record Text() implements ResponseFormat {}

    /** See {@link #JSON}. */
    record Json() implements ResponseFormat {}

    /**
     * JSON that follows a schema.
     *
     * @param name of the schema
     * @param schema JSON Schema as text
     * @param strict whether it must be followed exactly, where the vendor can enforce it
     */
    record JsonSchema(String name, String schema, boolean strict) implements ResponseFormat {
        public JsonSchema {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(schema, "schema");
        }
    }
}
