package forge.ai.console.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What was typed after a command, as its usage names it.
 *
 * @param usage the usage
 * @param options the options given, with their values
 * @param values of each parameter
 */
record Words(Usage usage, Map<String, String> options, Map<String, List<String>> values) {

    boolean has(String option) {
        return options.containsKey(option);
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    OptionalInt integer(String option) {
        try {
            return options.containsKey(option)
                    ? OptionalInt.of(Integer.parseInt(options.get(option)))
                    : OptionalInt.empty();
        } catch (NumberFormatException e) {
            throw usage.wrong(option + " has to be a whole number, not '" + options.get(option) + "'");
        }
    }

    OptionalDouble number(String option) {
        try {
            return options.containsKey(option)
                    ? OptionalDouble.of(Double.parseDouble(options.get(option)))
                    : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            throw usage.wrong(option + " has to be a number, not '" + options.get(option) + "'");
        }
    }

    /** The value of a parameter that has one. */
    String value(String parameter) {
        return all(parameter).getFirst();
    }

    /** The value of a parameter that has to be a whole number. */
    long whole(String parameter) {
        try {
            return Long.parseLong(value(parameter));
        } catch (NumberFormatException e) {
            throw usage.wrong(parameter + " has to be a whole number, not '" + value(parameter) + "'");
        }
    }

    List<String> all(String parameter) {
        return values.getOrDefault(parameter, List.of());
    }

    /** The words of a parameter, each a key and its value with {@code =} between; a key that is repeated has a list. */
    Map<String, Object> pairs(String parameter) {
        Map<String, Object> pairs = new LinkedHashMap<>();
        for (String word : all(parameter)) {
            int sign = word.indexOf('=');
            if (sign < 1) {
                // Without the word: it may be half of a secret.
                throw usage.wrong("expected " + parameter);
            }
            pairs.merge(word.substring(0, sign), word.substring(sign + 1), Words::both);
        }
        return pairs;
    }

    private static Object both(Object before, Object value) {
        List<Object> all = new ArrayList<>(before instanceof List<?> list ? list : List.of(before));
        all.add(value);
        return all;
    }

    /** The words of a parameter as one text. */
    String text(String parameter) {
        return String.join(" ", all(parameter));
    }
}
