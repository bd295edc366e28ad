package forge.ai.runtime.prompts;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.runtime.support.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads one variable from configuration: a JSON object with the words of JSON Schema where it has them. */
final class VariableReader {

    private static final int MOST_CHARACTERS = 100_000;
    private static final int MOST_ITEMS = 1_000;
    private static final Set<String> COMMON = Set.of("type", "description", "required", "default");
    private static final Map<String, Set<String>> KEYS = Map.of(
            "string", Set.of("minLength", "maxLength", "pattern"),
            "integer", Set.of("minimum", "maximum"),
            "number", Set.of("minimum", "maximum"),
            "boolean", Set.of(),
            "enum", Set.of("values"),
            "list", Set.of("minItems", "maxItems", "separator", "minLength", "maxLength", "pattern", "values"));

    private final String name;
    private final JsonNode json;

    private VariableReader(String name, JsonNode json) {
        this.name = name;
        this.json = json;
    }

    /** @throws IllegalArgumentException that names the variable, the key and what is allowed */
    static Variable read(String name, JsonNode json) {
        VariableReader reader = new VariableReader(name, json);
        Kind kind = reader.kind();
        return new Variable(name, Json.text(json, "description"), kind, reader.fallback(kind));
    }

    private Kind kind() {
        String type = json.isObject() ? Json.text(json, "type") : "";
        Set<String> keys = KEYS.get(type);
        if (keys == null) {
            throw wrong("type", "string, integer, number, boolean, enum or list");
        }
        Set<String> unknown = new HashSet<>();
        json.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(keys);
        unknown.removeAll(COMMON);
        if (!unknown.isEmpty()) {
            throw wrong(unknown.iterator().next(), "for " + type + " besides " + COMMON + " only " + keys);
        }
        return switch (type) {
            case "integer" -> new Kind.Whole(number("minimum"), number("maximum"));
            case "number" -> new Kind.Decimal(number("minimum"), number("maximum"));
            case "boolean" -> new Kind.Flag();
            case "enum" -> new Kind.Choice(values());
            case "list" ->
                new Kind.Several(
                        json.has("values") ? new Kind.Choice(values()) : words(),
                        count("minItems", 0),
                        count("maxItems", MOST_ITEMS),
                        json.path("separator").asText(", "));
            default -> words();
        };
    }

    private Kind words() {
        return new Kind.Words(count("minLength", 0), count("maxLength", MOST_CHARACTERS), pattern());
    }

    private Optional<Pattern> pattern() {
        try {
            return json.has("pattern") ? Optional.of(Pattern.compile(Json.text(json, "pattern"))) : Optional.empty();
        } catch (PatternSyntaxException e) {
            throw wrong("pattern", "a regular expression");
        }
    }

    private Optional<BigDecimal> number(String key) {
        JsonNode value = json.path(key);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isNumber()) {
            throw wrong(key, "a number");
        }
        return Optional.of(value.decimalValue());
    }

    private int count(String key, int fallback) {
        JsonNode value = json.path(key);
        if (value.isMissingNode()) {
            return fallback;
        }
        if (!value.isInt() || value.intValue() < 0) {
            throw wrong(key, "a whole number of 0 or more");
        }
        return value.intValue();
    }

    private List<String> values() {
        List<String> values = new ArrayList<>();
        json.path("values").forEach(value -> values.add(value.asText()));
        if (values.isEmpty()) {
            throw wrong("values", "a list of texts, at least one");
        }
        return List.copyOf(values);
    }

    private Optional<String> fallback(Kind kind) {
        JsonNode value = json.path("default");
        if (!value.isMissingNode()) {
            return Optional.of(kind.text(value(value)).orElseThrow(() -> wrong("default", kind.allowed())));
        }
        JsonNode required = json.path("required");
        if (!required.isMissingNode() && !required.isBoolean()) {
            throw wrong("required", "true or false");
        }
        return required.asBoolean(true) ? Optional.empty() : Optional.of("");
    }

    private static Object value(JsonNode json) {
        if (json.isArray()) {
            List<Object> items = new ArrayList<>();
            json.forEach(item -> items.add(value(item)));
            return items;
        }
        return json.isNumber() ? json.decimalValue() : json.isBoolean() ? json.booleanValue() : json.asText();
    }

    private IllegalArgumentException wrong(String key, String allowed) {
        return new IllegalArgumentException("variables: " + name + ": " + key + ": allowed is " + allowed);
    }
}
