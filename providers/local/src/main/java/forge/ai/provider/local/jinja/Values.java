package forge.ai.provider.local.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What holds for values of all kinds, as in Python. */
final class Values {

    private Values() {}

    static boolean truth(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Undefined undefined -> false;
            case Boolean b -> b;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    /** How it is written out. */
    static String text(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case Undefined undefined -> "";
            case null -> "None";
            default -> shown(value);
        };
    }

    /** How it is written within a list. */
    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "None";
            case Boolean b -> b ? "True" : "False";
            case Integer number -> number.toString();
            case Long number -> number.toString();
            case Double number -> real(number);
            case String text -> quoted(text);
            case List<?> list -> list.stream().map(Values::shown).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(e -> shown(e.getKey()) + ": " + shown(e.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Undefined undefined -> "Undefined";
            default -> throw new TemplateException("a function is no text");
        };
    }

    private static String quoted(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        StringBuilder out = new StringBuilder().append(quote);
        for (char c : text.toCharArray()) {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                case '\\' -> out.append("\\\\");
                default -> out.append(c == quote ? "\\" : "").append(c);
            }
        }
        return out.append(quote).toString();
    }

    /** As Python writes it: without an exponent between 1e-4 and 1e16. */
    static String real(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        double size = Math.abs(value);
        if (value == 0 || size >= 1e-4 && size < 1e16) {
            String plain = new BigDecimal(Double.toString(value)).toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String[] parts = Double.toString(value).split("E");
        int exponent = Integer.parseInt(parts[1]);
        String digits = parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
        return "%se%s%02d".formatted(digits, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** A text, and nothing else. */
    static String string(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case Undefined undefined -> throw undefined.refused();
            case null, default -> throw new TemplateException("expected a text, found " + kind(value));
        };
    }

    /** A whole number, and nothing else. */
    static long integer(@Nullable Object value) {
        return switch (value) {
            case Long number -> number;
            case Integer number -> number;
            case Boolean b -> b ? 1 : 0;
            case Undefined undefined -> throw undefined.refused();
            case null, default -> throw new TemplateException("expected a whole number, found " + kind(value));
        };
    }

    static long integer(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new TemplateException("the number " + digits + " is too large");
        }
    }

    static boolean isNumber(@Nullable Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Double || value instanceof Boolean;
    }

    static double number(@Nullable Object value) {
        return value instanceof Double real ? real : integer(value);
    }

    /** What a loop goes over: elements, keys or characters. */
    static List<@Nullable Object> elements(@Nullable Object value) {
        return switch (value) {
            case List<?> list -> new ArrayList<>(list);
            case Map<?, ?> map -> new ArrayList<>(map.keySet());
            case String text ->
                text.codePoints().mapToObj(Character::toString).collect(Collectors.toCollection(ArrayList::new));
            case Undefined undefined -> new ArrayList<>();
            case null, default -> throw new TemplateException("there is nothing to go over in " + kind(value));
        };
    }

    static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "none";
            case Undefined undefined -> "what is undefined";
            case Boolean b -> "a truth value";
            case Long number -> "a whole number";
            case Integer number -> "a whole number";
            case Double number -> "a number";
            case String text -> "a text";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "a map";
            default -> "a function";
        };
    }
}
