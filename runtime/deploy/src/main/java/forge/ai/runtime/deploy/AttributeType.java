package forge.ai.runtime.deploy;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle declares about one key of its configuration.
 *
 * @param key the key
 * @param type one of the names of the metatype service: String, Long, Double, Float, Integer, Byte, Character,
 *     Boolean, Short, Password
 * @param many whether a list is allowed
 * @param required whether there has to be a value
 * @param min the least value, or length of a string; null for none
 * @param max the greatest value, or length of a string; null for none
 * @param options the only values allowed; empty for any
 * @param defaulted whether it has a default
 */
record AttributeType(
        String key,
        String type,
        boolean many,
        boolean required,
        @Nullable String min,
        @Nullable String max,
        List<String> options,
        boolean defaulted) {

    boolean secret() {
        return type.equals("Password");
    }

    /** What is wrong with a value, everything put in; empty if it is allowed. */
    Optional<String> wrong(Object value) {
        List<Object> all = elements(value);
        if (all.size() > 1 && !many) {
            return Optional.of("a single value is allowed, not a list");
        }
        boolean right = all.stream().allMatch(this::allowed);
        return right ? Optional.empty() : Optional.of("allowed: " + allowed());
    }

    /** What is allowed, for people. */
    String allowed() {
        StringBuilder text = new StringBuilder(many ? "a list of " : "");
        if (!options.isEmpty()) {
            return text.append(many ? "" : "one of ")
                    .append(String.join(", ", options))
                    .toString();
        }
        text.append(
                switch (type) {
                    case "Boolean" -> "true or false";
                    case "Integer", "Long", "Short", "Byte" -> "a whole number";
                    case "Double", "Float" -> "a number";
                    case "Character", "Char" -> "one character";
                    default -> "a string";
                });
        String unit = text() ? " characters" : "";
        if (min != null && max != null) {
            text.append(" from ").append(min).append(" to ").append(max).append(unit);
        } else if (min != null) {
            text.append(" of at least ").append(min).append(unit);
        } else if (max != null) {
            text.append(" of at most ").append(max).append(unit);
        }
        return text.toString();
    }

    private boolean text() {
        return type.equals("String") || type.equals("Password");
    }

    private boolean allowed(Object value) {
        String text = value.toString();
        if (!options.isEmpty() && !options.contains(text)) {
            return false;
        }
        try {
            return switch (type) {
                case "Boolean" -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
                case "Integer" -> within(new BigDecimal(Integer.parseInt(text)));
                case "Long" -> within(new BigDecimal(Long.parseLong(text)));
                case "Short" -> within(new BigDecimal(Short.parseShort(text)));
                case "Byte" -> within(new BigDecimal(Byte.parseByte(text)));
                case "Double", "Float" -> Double.isFinite(Double.parseDouble(text)) && within(new BigDecimal(text));
                case "Character", "Char" -> text.length() == 1;
                default -> within(new BigDecimal(text.length()));
            };
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private boolean within(BigDecimal value) {
        return (min == null || value.compareTo(new BigDecimal(min)) >= 0)
                && (max == null || value.compareTo(new BigDecimal(max)) <= 0);
    }

    private static List<Object> elements(Object value) {
        List<Object> all = new ArrayList<>();
        if (value instanceof Collection<?> collection) {
            all.addAll(collection);
        } else if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                all.add(Array.get(value, i));
            }
        } else {
            all.add(value);
        }
        return all;
    }
}
