package forge.ai.console.shell;

import forge.ai.api.InvalidRequestException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a command is used, and the reader of what was typed.
 *
 * @param name of the command, without its scope
 * @param options by name with the name of their value, which is empty for a switch
 * @param parameters in order; {@code [NAME]} may be left out and {@code NAME...}, the last, takes all that follow
 * @param summary what it does, in one line
 */
record Usage(String name, Map<String, String> options, List<String> parameters, String summary) {

    /**
     * A usage as it is shown.
     *
     * @param pattern as in {@code [--json] [--system TEXT] MODEL TEXT...}
     */
    static Usage of(String name, String pattern, String summary) {
        Map<String, String> options = new LinkedHashMap<>();
        List<String> parameters = new ArrayList<>();
        String rest = pattern.strip();
        while (rest.startsWith("[--")) {
            int end = rest.indexOf(']');
            String[] option = rest.substring(1, end).split(" ", 2);
            options.put(option[0], option.length == 2 ? option[1] : "");
            rest = rest.substring(end + 1).strip();
        }
        if (!rest.isEmpty()) {
            parameters.addAll(List.of(rest.split(" ")));
        }
        return new Usage(name, options, parameters, summary);
    }

    /** As in {@code usage: ai:chat [--system TEXT] MODEL TEXT...}. */
    String line() {
        return "usage: ai:" + name + pattern();
    }

    /** The options and parameters, each after a space. */
    String pattern() {
        StringBuilder text = new StringBuilder();
        options.forEach((option, value) -> text.append(" [")
                .append(option)
                .append(value.isEmpty() ? "" : " " + value)
                .append(']'));
        parameters.forEach(parameter -> text.append(' ').append(parameter));
        return text.toString();
    }

    /**
     * Reads what was typed after the command. Options may stand anywhere but within a parameter that takes all that
     * follow; {@code --} ends them.
     *
     * @throws InvalidRequestException if it does not fit, with the usage
     */
    Words read(List<?> typed) {
        Map<String, String> given = new LinkedHashMap<>();
        List<String> rest = new ArrayList<>();
        Iterator<String> words = typed.stream().map(this::text).iterator();
        boolean ended = false;
        while (words.hasNext()) {
            String word = words.next();
            ended |= word.equals("--") || takesAll(rest.size() - 1);
            if (ended || !word.startsWith("--")) {
                if (!word.equals("--") || takesAll(rest.size() - 1)) {
                    rest.add(word);
                }
            } else {
                given.put(word, value(word, words));
            }
        }
        return new Words(this, given, assign(rest));
    }

    /** Whether the parameter at this place has begun to take all that follow. */
    private boolean takesAll(int place) {
        return !parameters.isEmpty()
                && place >= parameters.size() - 1
                && parameters.getLast().contains("...");
    }

    private String value(String option, Iterator<String> words) {
        String value = options.get(option);
        if (value == null) {
            throw wrong("there is no option " + option);
        }
        if (!value.isEmpty() && !words.hasNext()) {
            throw wrong(option + " needs " + value);
        }
        return value.isEmpty() ? "" : words.next();
    }

    private Map<String, List<String>> assign(List<String> typed) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int next = 0;
        for (String parameter : parameters) {
            int end = parameter.contains("...") ? typed.size() : Math.min(next + 1, typed.size());
            if (next == end && !parameter.startsWith("[")) {
                throw wrong(bare(parameter) + " is missing");
            }
            values.put(bare(parameter), List.copyOf(typed.subList(next, end)));
            next = end;
        }
        if (next < typed.size()) {
            throw wrong("'" + typed.get(next) + "' is too much");
        }
        return values;
    }

    /** The options that may be given besides those words. */
    List<String> optionsBeside(List<String> before) {
        return options.keySet().stream()
                .filter(option -> !before.contains(option))
                .toList();
    }

    /** The parameter, or the value of an option, that comes after those words; empty if nothing may. */
    Optional<String> place(List<String> before) {
        int parameter = 0;
        for (Iterator<String> words = before.iterator(); words.hasNext(); ) {
            String word = words.next();
            String value = options.getOrDefault(word, "");
            if (!value.isEmpty() && !words.hasNext()) {
                return Optional.of(value);
            }
            if (!value.isEmpty()) {
                words.next();
            } else if (!word.startsWith("--")) {
                parameter++;
            }
        }
        if (takesAll(parameter)) {
            return Optional.of(bare(parameters.getLast()));
        }
        return parameter < parameters.size() ? Optional.of(bare(parameters.get(parameter))) : Optional.empty();
    }

    private static String bare(String parameter) {
        return parameter.replaceAll("[\\[\\].]", "");
    }

    private String text(@Nullable Object word) {
        if (word instanceof CharSequence || word instanceof Number || word instanceof Boolean) {
            return word.toString();
        }
        throw wrong("what holds brackets or braces has to stand in single quotes");
    }

    /** The exception for what does not fit, with the usage. */
    InvalidRequestException wrong(String why) {
        return new InvalidRequestException(why + "; " + line());
    }
}
