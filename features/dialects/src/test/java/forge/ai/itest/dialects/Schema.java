package forge.ai.itest.dialects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** As much of JSON Schema as tells which of several answers is meant; what is required is not looked at. */
record Schema(JsonNode root) {

    /** Any object fits. */
    static final Schema ANY = new Schema(JsonNodeFactory.instance.objectNode().put("type", "object"));

    boolean fits(JsonNode value) {
        return fits(root, value);
    }

    private boolean fits(JsonNode schema, JsonNode value) {
        if (schema.has("$ref")) {
            return fits(root.at(schema.path("$ref").asText().substring(1)), value);
        }
        if (schema.has("anyOf")) {
            return any(schema.path("anyOf"), one -> fits(one, value));
        }
        if (schema.has("enum")) {
            return any(schema.path("enum"), value::equals);
        }
        return switch (value.getNodeType()) {
            case OBJECT -> typed(schema, "object") && fieldsFit(schema, value);
            case ARRAY -> typed(schema, "array") && !any(value, item -> !fits(schema.path("items"), item));
            case STRING -> typed(schema, "string");
            case BOOLEAN -> typed(schema, "boolean");
            case NUMBER -> typed(schema, "number") || value.isIntegralNumber() && typed(schema, "integer");
            default -> false;
        };
    }

    private boolean fieldsFit(JsonNode schema, JsonNode value) {
        JsonNode known = schema.path("properties");
        return known.isMissingNode()
                || value.properties().stream()
                        .allMatch(field ->
                                known.has(field.getKey()) && fits(known.path(field.getKey()), field.getValue()));
    }

    private static boolean typed(JsonNode schema, String type) {
        JsonNode types = schema.path("type");
        return types.asText().equals(type) || any(types, one -> one.asText().equals(type));
    }

    private static boolean any(JsonNode nodes, Predicate<JsonNode> test) {
        return StreamSupport.stream(nodes.spliterator(), false).anyMatch(test);
    }
}
