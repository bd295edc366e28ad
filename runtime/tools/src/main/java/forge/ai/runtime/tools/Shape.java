package forge.ai.runtime.tools;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import java.io.IOException;

/**
 * A Java type as JSON: its schema, and values in both directions. By hand and not by a mapper, whose caches would keep
 * the classes of a bundle that is gone, and whose messages are not meant for a model.
 */
sealed interface Shape permits Scalar, Compound, Members {

    /** The members of the type's JSON Schema, into an object that has begun. */
    void schema(JsonGenerator json) throws IOException;

    /** @throws InvalidRequestException that names the place and what is expected there */
    Object read(JsonNode value, String place);

    void write(JsonGenerator json, Object value) throws IOException;

    /** Whether a value may be left out. */
    default boolean optional() {
        return false;
    }

    /** What to throw for a value that is not as expected. */
    static InvalidRequestException wrong(String place, String expected, JsonNode value) {
        return new InvalidRequestException(place + ": expected " + expected + ", not "
                + switch (value.getNodeType()) {
                    case MISSING, NULL -> "nothing";
                    case OBJECT -> "an object";
                    case ARRAY -> "a list";
                    default -> value.toString();
                });
    }
}
