package forge.ai.provider.local.grammar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a grammar of a JSON Schema: what is written by it is valid, though not all that is valid can be written. Members
 * come in the order of the schema, and others than those it names only where it says so.
 */
public final class SchemaCompiler {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** So many values may a schema, with what it refers to, describe. */
    private static final int LARGEST = 20_000;

    private static final int DEPTH = 64;

    /** Words that say nothing of what is valid. */
    private static final Set<String> REMARKS = Set.of(
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "$anchor",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "format",
            "contentEncoding",
            "contentMediaType",
            "discriminator");

    private static final Set<String> KNOWN = Set.of(
            "type",
            "enum",
            "const",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "anyOf",
            "oneOf",
            "allOf",
            "$ref",
            "nullable");

    private static final List<String> TYPES =
            List.of("object", "array", "string", "number", "integer", "boolean", "null");

    private final JsonNode root;
    private final boolean exact;
    private final Map<String, Rule.Later> references = new HashMap<>();
    private int count;
    private int depth;

    private SchemaCompiler(JsonNode root, boolean exact) {
        this.root = root;
        this.exact = exact;
    }

    /** Any object. */
    public static Grammar anyObject() {
        return Grammar.of(Json.OBJECT);
    }

    /**
     * What a schema describes.
     *
     * @param schema as text
     * @param exact whether a word of the schema that cannot be kept to is an error; else it is left aside
     * @throws SchemaException if it is no schema, nothing is valid by it, or it cannot be kept to
     */
    public static Grammar of(String schema, boolean exact) {
        return grammar(ruleOf(schema, exact));
    }

    /**
     * A call of one of several functions, as an object of its name and its arguments.
     *
     * @param begin what stands before it
     * @param arguments how the member with the arguments is called
     * @param schemas of the arguments, by the names of the functions
     * @param end what stands behind it
     */
    public static Grammar call(String begin, String arguments, Map<String, String> schemas, String end) {
        List<Rule> options = new ArrayList<>();
        schemas.forEach((name, schema) -> options.add(Rule.all(
                Rule.text("{\"name\": " + TextNode.valueOf(name) + ", \"" + arguments + "\": "),
                ruleOf(schema, false),
                Rule.text("}"))));
        return grammar(Rule.all(Rule.text(begin), new Rule.Choice(options), Rule.text(end)));
    }

    private static Grammar grammar(Rule rule) {
        try {
            return Grammar.of(rule);
        } catch (UnsatisfiableException e) {
            throw new SchemaException("nothing is valid by the schema", false);
        }
    }

    /** As {@link #of}, as a part of a grammar. */
    private static Rule ruleOf(String schema, boolean exact) {
        JsonNode root;
        try {
            root = JSON.readTree(schema);
        } catch (JsonProcessingException e) {
            throw new SchemaException("the schema is not JSON", false);
        }
        return new SchemaCompiler(root, exact).value(root);
    }

    private Rule value(JsonNode schema) {
        if (schema.isBoolean()) {
            return schema.booleanValue() ? Json.VALUE : Rule.NEVER;
        }
        if (!schema.isObject()) {
            throw new SchemaException("a schema is an object or a truth value", false);
        }
        if (++count > LARGEST || depth > DEPTH) {
            throw new SchemaException("the schema is too large", true);
        }
        depth++;
        try {
            return described(schema);
        } finally {
            depth--;
        }
    }

    private Rule described(JsonNode schema) {
        schema.fieldNames().forEachRemaining(word -> {
            if (!KNOWN.contains(word) && !REMARKS.contains(word)) {
                cannot(word);
            }
        });
        if (schema.has("$ref")) {
            return reference(schema);
        }
        if (schema.has("allOf")) {
            ObjectNode merged = without(schema, "allOf");
            for (JsonNode part : schema.get("allOf")) {
                merge(merged, part.has("$ref") ? resolved(part) : part);
            }
            return value(merged);
        }
        for (String word : List.of("anyOf", "oneOf")) {
            if (schema.has(word)) {
                return alternatives(schema, word);
            }
        }
        if (schema.has("const")) {
            return literal(schema.get("const"));
        }
        if (schema.has("enum")) {
            List<Rule> options = new ArrayList<>();
            schema.get("enum").forEach(one -> options.add(literal(one)));
            return new Rule.Choice(options);
        }
        List<Rule> options = new ArrayList<>();
        types(schema).forEach(type -> options.add(typed(schema, type)));
        return options.size() == 1 ? options.getFirst() : new Rule.Choice(options);
    }

    private void cannot(String word) {
        if (exact) {
            throw new SchemaException(
                    "the schema has " + word + ", which cannot be kept to here; without strict it is left aside", true);
        }
    }

    private static Rule literal(JsonNode value) {
        return Rule.text(value.toString());
    }

    private Rule reference(JsonNode schema) {
        ObjectNode others = without(schema, "$ref");
        REMARKS.forEach(others::remove);
        if (!others.isEmpty()) {
            merge(others, resolved(schema));
            return value(others);
        }
        String name = schema.get("$ref").asText();
        Rule.Later known = references.get(name);
        if (known == null) {
            known = new Rule.Later();
            references.put(name, known);
            known.is(value(resolved(schema)));
        }
        return known;
    }

    private JsonNode resolved(JsonNode schema) {
        String name = schema.get("$ref").asText();
        JsonNode target = null;
        if (name.equals("#")) {
            target = root;
        } else if (name.startsWith("#/")) {
            target = root.at(name.substring(1));
        }
        if (target == null || target.isMissingNode()) {
            throw new SchemaException("the schema refers to " + name + ", which is not in it", false);
        }
        return target;
    }

    private Rule alternatives(JsonNode schema, String word) {
        JsonNode options = schema.get(word);
        if (word.equals("oneOf") && !Disjoint.are(options, this::resolved)) {
            cannot("oneOf with alternatives that may be valid at once");
        }
        ObjectNode common = without(schema, word);
        REMARKS.forEach(common::remove);
        List<Rule> rules = new ArrayList<>();
        for (JsonNode option : options) {
            if (common.isEmpty()) {
                rules.add(value(option));
            } else {
                ObjectNode merged = common.deepCopy();
                merge(merged, option.has("$ref") ? resolved(option) : option);
                rules.add(value(merged));
            }
        }
        return new Rule.Choice(rules);
    }

    private static ObjectNode without(JsonNode schema, String word) {
        ObjectNode copy = ((ObjectNode) schema).deepCopy();
        copy.remove(word);
        return copy;
    }

    /** Both must hold: what cannot be said in one schema is refused. */
    private void merge(ObjectNode into, JsonNode part) {
        if (!part.isObject()) {
            throw new SchemaException("parts of a schema that hold together must be objects", true);
        }
        part.properties().forEach(field -> {
            String word = field.getKey();
            JsonNode value = field.getValue();
            JsonNode before = into.get(word);
            if (before == null || before.equals(value) || REMARKS.contains(word)) {
                into.set(word, value);
            } else if (word.equals("properties")) {
                ObjectNode both = ((ObjectNode) before).deepCopy();
                value.properties().forEach(property -> {
                    JsonNode other = both.get(property.getKey());
                    ObjectNode together = JsonNodeFactory.instance.objectNode();
                    together.putArray("allOf")
                            .add(other == null ? property.getValue() : other)
                            .add(property.getValue());
                    both.set(property.getKey(), other == null ? property.getValue() : together);
                });
                into.set(word, both);
            } else if (word.equals("required")) {
                Set<String> all = new TreeSet<>();
                before.forEach(name -> all.add(name.asText()));
                value.forEach(name -> all.add(name.asText()));
                all.forEach(into.putArray(word)::add);
            } else {
                throw new SchemaException("the schema has several " + word + " that must hold at once", true);
            }
        });
    }

    private static List<String> types(JsonNode schema) {
        List<String> types = new ArrayList<>();
        JsonNode type = schema.path("type");
        if (type.isTextual()) {
            types.add(type.textValue());
        }
        type.forEach(one -> types.add(one.asText()));
        if (types.isEmpty()) {
            types.addAll(implied(schema));
        }
        if (schema.path("nullable").booleanValue() && !types.contains("null")) {
            types.add("null");
        }
        return types;
    }

    /** What a schema without a type speaks of. */
    private static List<String> implied(JsonNode schema) {
        if (schema.has("properties") || schema.has("required") || schema.has("additionalProperties")) {
            return List.of("object");
        }
        if (schema.has("items") || schema.has("prefixItems") || schema.has("minItems") || schema.has("maxItems")) {
            return List.of("array");
        }
        if (schema.has("minLength") || schema.has("maxLength")) {
            return List.of("string");
        }
        boolean number = schema.has("minimum")
                || schema.has("maximum")
                || schema.has("exclusiveMinimum")
                || schema.has("exclusiveMaximum");
        return number ? List.of("number") : List.of("any");
    }

    private Rule typed(JsonNode schema, String type) {
        return switch (type) {
            case "object" -> object(schema);
            case "array" -> array(schema);
            case "string" -> string(schema);
            case "integer" -> Numbers.integer(bounds(schema));
            case "number" -> Numbers.number(bounds(schema));
            case "boolean" -> Rule.any(Rule.text("true"), Rule.text("false"));
            case "null" -> Rule.text("null");
            case "any" -> Json.VALUE;
            default -> throw new SchemaException("there is no type " + type + "; there are " + TYPES, false);
        };
    }

    private Rule string(JsonNode schema) {
        int least = schema.path("minLength").asInt(0);
        int most = schema.path("maxLength").asInt(-1);
        Optional<Rule> format = Formats.of(schema.path("format").asText(""));
        if (format.isPresent() && least == 0 && most < 0) {
            return format.get();
        }
        return most >= 0 && least > most ? Rule.NEVER : Strings.string(least, most);
    }

    private static Numbers.Bounds bounds(JsonNode schema) {
        // In older schemas the words with exclusive are truth values beside the bounds.
        BigDecimal least = decimal(schema.path("minimum"));
        BigDecimal most = decimal(schema.path("maximum"));
        boolean leastOpen = schema.path("exclusiveMinimum").booleanValue();
        boolean mostOpen = schema.path("exclusiveMaximum").booleanValue();
        BigDecimal above = decimal(schema.path("exclusiveMinimum"));
        BigDecimal below = decimal(schema.path("exclusiveMaximum"));
        if (above != null && (least == null || above.compareTo(least) >= 0)) {
            least = above;
            leastOpen = true;
        }
        if (below != null && (most == null || below.compareTo(most) <= 0)) {
            most = below;
            mostOpen = true;
        }
        return new Numbers.Bounds(least, leastOpen, most, mostOpen);
    }

    private static @Nullable BigDecimal decimal(JsonNode value) {
        return value.isNumber() ? value.decimalValue() : null;
    }

    private Rule array(JsonNode schema) {
        int least = Math.max(0, schema.path("minItems").asInt(0));
        int most = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        if (least > most) {
            return Rule.NEVER;
        }
        List<Rule> first = new ArrayList<>();
        for (JsonNode item : schema.path("prefixItems")) {
            if (first.size() < most) {
                first.add(value(item));
            }
        }
        JsonNode items = schema.path("items");
        Rule rest = items.isMissingNode() ? Json.VALUE : value(items);
        int more = most == Integer.MAX_VALUE ? -1 : most - first.size();
        return Json.array(first, rest, Math.max(0, least - first.size()), more);
    }

    private Rule object(JsonNode schema) {
        Set<String> required = new TreeSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        JsonNode properties = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        boolean open = others.isMissingNode() ? properties.isEmpty() : !others.isBoolean() || others.booleanValue();
        Rule other = open && !others.isMissingNode() ? value(others) : Json.VALUE;
        List<Json.Member> members = new ArrayList<>();
        properties
                .properties()
                .forEach(property -> members.add(new Json.Member(
                        property.getKey(), value(property.getValue()), required.remove(property.getKey()))));
        for (String name : required) {
            boolean allowed = others.isMissingNode() || open;
            members.add(new Json.Member(name, allowed ? other : Rule.NEVER, true));
        }
        return Json.object(members, open ? Optional.of(other) : Optional.empty());
    }
}
