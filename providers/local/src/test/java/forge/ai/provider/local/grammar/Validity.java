package forge.ai.provider.local.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** A plain reading of JSON Schema, as far as the tests use it. */
final class Validity {

    private Validity() {}

    static boolean of(JsonNode value, JsonNode schema) {
        if (schema.isBoolean()) {
            return schema.booleanValue();
        }
        if (schema.has("anyOf") && schema.get("anyOf").valueStream().noneMatch(option -> of(value, option))) {
            return false;
        }
        if (schema.has("enum") && schema.get("enum").valueStream().noneMatch(value::equals)) {
            return false;
        }
        JsonNode type = schema.path("type");
        if (type.isArray() && type.valueStream().noneMatch(one -> type(value, one.textValue()))
                || type.isTextual() && !type(value, type.textValue())) {
            return false;
        }
        if (value.isNumber()) {
            return number(value.decimalValue(), schema);
        }
        if (value.isTextual()) {
            int length = value.textValue().codePointCount(0, value.textValue().length());
            return length >= schema.path("minLength").asInt(0)
                    && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE);
        }
        if (value.isArray()) {
            return value.size() >= schema.path("minItems").asInt(0)
                    && value.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE)
                    && (!schema.has("items") || value.valueStream().allMatch(item -> of(item, schema.get("items"))));
        }
        return !value.isObject() || object(value, schema);
    }

    private static boolean object(JsonNode value, JsonNode schema) {
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.textValue())) {
                return false;
            }
        }
        return value.propertyStream().allMatch(member -> {
            JsonNode known = schema.path("properties").path(member.getKey());
            JsonNode others = schema.path("additionalProperties");
            return known.isMissingNode()
                    ? others.isMissingNode() || of(member.getValue(), others)
                    : of(member.getValue(), known);
        });
    }

    private static boolean type(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> value.isNull();
        };
    }

    private static boolean number(BigDecimal value, JsonNode schema) {
        return (!schema.has("minimum") || value.compareTo(schema.get("minimum").decimalValue()) >= 0)
                && (!schema.has("maximum")
                        || value.compareTo(schema.get("maximum").decimalValue()) <= 0)
                && (!schema.has("exclusiveMinimum")
                        || value.compareTo(schema.get("exclusiveMinimum").decimalValue()) > 0);
    }
}
