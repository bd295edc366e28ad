package forge.ai.provider.local.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What stands behind a value and {@code is}. */
final class Checks {

    private static final Map<String, String> COMPARISONS = Map.ofEntries(
            Map.entry("==", "=="),
            Map.entry("eq", "=="),
            Map.entry("equalto", "=="),
            Map.entry("sameas", "=="),
            Map.entry("!=", "!="),
            Map.entry("ne", "!="),
            Map.entry("lt", "<"),
            Map.entry("lessthan", "<"),
            Map.entry("<", "<"),
            Map.entry("gt", ">"),
            Map.entry("greaterthan", ">"),
            Map.entry(">", ">"),
            Map.entry("le", "<="),
            Map.entry("<=", "<="),
            Map.entry("ge", ">="),
            Map.entry(">=", ">="),
            Map.entry("in", "in"));

    private static final Set<String> NAMES = new TreeSet<>(Set.of(
            "boolean",
            "callable",
            "defined",
            "divisibleby",
            "even",
            "false",
            "float",
            "integer",
            "iterable",
            "lower",
            "mapping",
            "none",
            "number",
            "odd",
            "sequence",
            "string",
            "true",
            "undefined",
            "upper"));

    private Checks() {}

    /** @throws TemplateException if there is no such test */
    static void check(String name) {
        if (!NAMES.contains(name) && !COMPARISONS.containsKey(name)) {
            throw new TemplateException("there is no test " + name + "; there are " + NAMES + " and comparisons");
        }
    }

    static boolean holds(String name, @Nullable Object value, Arguments in) {
        String operator = COMPARISONS.get(name);
        if (operator != null) {
            return Operators.compare(operator, value, in.get(0, "other"));
        }
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == null;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "string" -> value instanceof String;
            case "number" -> Values.isNumber(value);
            case "integer" -> value instanceof Long || value instanceof Integer;
            case "float" -> value instanceof Double;
            case "mapping" -> value instanceof Map<?, ?>;
            case "iterable", "sequence" ->
                value instanceof List<?> || value instanceof Map<?, ?> || value instanceof String;
            case "callable" -> value instanceof Function;
            case "odd" -> Values.integer(value) % 2 != 0;
            case "even" -> Values.integer(value) % 2 == 0;
            case "divisibleby" -> Values.integer(value) % Values.integer(in.get(0, "num")) == 0;
            case "lower" -> Values.string(value).equals(Values.string(value).toLowerCase(Locale.ROOT));
            default -> Values.string(value).equals(Values.string(value).toUpperCase(Locale.ROOT));
        };
    }
}
