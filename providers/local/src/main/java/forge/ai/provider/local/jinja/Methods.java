package forge.ai.provider.local.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The methods of texts, lists and maps that change nothing. */
final class Methods {

    private Methods() {}

    /** Null if there is none. */
    static @Nullable Function of(@Nullable Object value, String name) {
        return switch (value) {
            case String text -> text(text, name);
            case Map<?, ?> map -> map(map, name);
            case List<?> list -> list(list, name);
            case null, default -> null;
        };
    }

    private static @Nullable Function map(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> (scope, in) -> items(map);
            case "keys" -> (scope, in) -> new ArrayList<>(map.keySet());
            case "values" -> (scope, in) -> new ArrayList<>(map.values());
            case "get" ->
                (scope, in) ->
                        map.containsKey(in.get(0, "key")) ? map.get(in.get(0, "key")) : in.get(1, "default", null);
            default -> null;
        };
    }

    static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(Arrays.asList(key, value)));
        return items;
    }

    private static @Nullable Function list(List<?> list, String name) {
        return switch (name) {
            case "index" ->
                (scope, in) -> {
                    for (int i = 0; i < list.size(); i++) {
                        if (Operators.equal(list.get(i), in.get(0, "value"))) {
                            return (long) i;
                        }
                    }
                    throw new TemplateException("what is looked for is not in the list");
                };
            case "count" ->
                (scope, in) -> list.stream()
                        .filter(e -> Operators.equal(e, in.get(0, "value")))
                        .count();
            default -> null;
        };
    }

    private static @Nullable Function text(String text, String name) {
        return switch (name) {
            case "strip" -> (scope, in) -> strip(text, in, true, true);
            case "lstrip" -> (scope, in) -> strip(text, in, true, false);
            case "rstrip" -> (scope, in) -> strip(text, in, false, true);
            case "split" -> (scope, in) -> scope.budget().made(split(text, in));
            case "rsplit" -> (scope, in) -> scope.budget().made(splitFromEnd(text, in));
            case "splitlines" ->
                (scope, in) -> new ArrayList<Object>(text.lines().toList());
            case "upper" -> (scope, in) -> text.toUpperCase(Locale.ROOT);
            case "lower" -> (scope, in) -> text.toLowerCase(Locale.ROOT);
            case "title" -> (scope, in) -> title(text);
            case "capitalize" -> (scope, in) -> capitalized(text);
            case "startswith" -> (scope, in) -> any(in, text::startsWith);
            case "endswith" -> (scope, in) -> any(in, text::endsWith);
            case "removeprefix" ->
                (scope, in) -> text.startsWith(in.text(0, "prefix"))
                        ? text.substring(in.text(0, "prefix").length())
                        : text;
            case "removesuffix" ->
                (scope, in) -> text.endsWith(in.text(0, "suffix"))
                        ? text.substring(0, text.length() - in.text(0, "suffix").length())
                        : text;
            case "replace" -> (scope, in) -> replace(text, in, scope.budget());
            case "join" -> (scope, in) -> Filters.join(Values.elements(in.get(0, "iterable")), text, scope.budget());
            case "find" -> (scope, in) -> (long) text.indexOf(in.text(0, "sub"));
            case "rfind" -> (scope, in) -> (long) text.lastIndexOf(in.text(0, "sub"));
            case "count" -> (scope, in) -> (long) text.split(Pattern.quote(in.text(0, "sub")), -1).length - 1;
            case "isdigit" -> (scope, in) -> !text.isEmpty() && text.chars().allMatch(Character::isDigit);
            case "isalpha" -> (scope, in) -> !text.isEmpty() && text.chars().allMatch(Character::isLetter);
            case "isalnum" -> (scope, in) -> !text.isEmpty() && text.chars().allMatch(Character::isLetterOrDigit);
            case "isspace" -> (scope, in) -> !text.isEmpty() && text.isBlank();
            case "isupper" ->
                (scope, in) ->
                        !text.equals(text.toLowerCase(Locale.ROOT)) && text.equals(text.toUpperCase(Locale.ROOT));
            case "islower" ->
                (scope, in) ->
                        !text.equals(text.toUpperCase(Locale.ROOT)) && text.equals(text.toLowerCase(Locale.ROOT));
            default -> null;
        };
    }

    private static boolean any(Arguments in, Predicate<String> holds) {
        return in.get(0, "prefix") instanceof List<?> several
                ? several.stream().map(Values::string).anyMatch(holds)
                : holds.test(in.text(0, "prefix"));
    }

    static String strip(String text, Arguments in, boolean left, boolean right) {
        Object chars = in.get(0, "chars", null);
        int begin = 0;
        int end = text.length();
        while (left && begin < end && stripped(text.charAt(begin), chars)) {
            begin++;
        }
        while (right && end > begin && stripped(text.charAt(end - 1), chars)) {
            end--;
        }
        return text.substring(begin, end);
    }

    private static boolean stripped(char c, @Nullable Object chars) {
        return chars == null ? Character.isWhitespace(c) : Values.string(chars).indexOf(c) >= 0;
    }

    private static List<@Nullable Object> split(String text, Arguments in) {
        int most = in.integer(1, "maxsplit", -1);
        List<@Nullable Object> parts = new ArrayList<>();
        Object separator = in.get(0, "sep", null);
        if (separator == null) {
            String rest = text.strip();
            return rest.isEmpty() ? parts : new ArrayList<>(List.of(rest.split("\\s+", most < 0 ? 0 : most + 1)));
        }
        String by = separator(separator);
        int begin = 0;
        for (int end = text.indexOf(by); end >= 0 && (most < 0 || parts.size() < most); end = text.indexOf(by, begin)) {
            parts.add(text.substring(begin, end));
            begin = end + by.length();
        }
        parts.add(text.substring(begin));
        return parts;
    }

    private static List<@Nullable Object> splitFromEnd(String text, Arguments in) {
        int most = in.integer(1, "maxsplit", -1);
        String by = separator(in.get(0, "sep"));
        List<@Nullable Object> parts = new ArrayList<>();
        int end = text.length();
        for (int at = text.lastIndexOf(by);
                at >= 0 && (most < 0 || parts.size() < most);
                at = at == 0 ? -1 : text.lastIndexOf(by, at - 1)) {
            parts.addFirst(text.substring(at + by.length(), end));
            end = at;
        }
        parts.addFirst(text.substring(0, end));
        return parts;
    }

    private static String separator(@Nullable Object value) {
        String separator = Values.string(value);
        if (separator.isEmpty()) {
            throw new TemplateException("the separator is empty");
        }
        return separator;
    }

    static String replace(String text, Arguments in, Budget budget) {
        String old = in.text(0, "old");
        String with = in.text(1, "new");
        long found = old.isEmpty() ? text.length() + 1L : text.length() / old.length();
        Budget.checkCharacters(Math.min(found, text.length() + 1L) * with.length() + text.length());
        int most = in.integer(2, "count", -1);
        return budget.made(most < 0 || old.isEmpty() ? text.replace(old, with) : replaced(text, old, with, most));
    }

    private static String replaced(String text, String old, String with, int most) {
        StringBuilder out = new StringBuilder();
        int begin = 0;
        int count = 0;
        for (int at = text.indexOf(old); at >= 0 && count < most; at = text.indexOf(old, begin)) {
            out.append(text, begin, at).append(with);
            begin = at + old.length();
            count++;
        }
        return out.append(text.substring(begin)).toString();
    }

    static String capitalized(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    static String title(String text) {
        return Pattern.compile("\\p{L}+").matcher(text).replaceAll(word -> capitalized(word.group()));
    }
}
