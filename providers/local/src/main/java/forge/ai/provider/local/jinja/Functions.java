package forge.ai.provider.local.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that every template knows. */
final class Functions {

    /** The letters of {@code strftime} as patterns of Java. */
    private static final Map<Character, String> TIMES = Map.ofEntries(
            Map.entry('d', "dd"),
            Map.entry('m', "MM"),
            Map.entry('Y', "yyyy"),
            Map.entry('y', "yy"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('p', "a"),
            Map.entry('j', "DDD"),
            Map.entry('F', "yyyy-MM-dd"),
            Map.entry('T', "HH:mm:ss"),
            Map.entry('e', "ppd"));

    private Functions() {}

    /** Null if there is none. */
    static @Nullable Function named(String name) {
        return switch (name) {
            case "range" -> Functions::range;
            case "namespace" ->
                (scope, in) -> {
                    Map<String, @Nullable Object> values = new LinkedHashMap<>();
                    in.positional()
                            .forEach(from -> ((Map<?, ?>) from).forEach((k, v) -> values.put(Values.string(k), v)));
                    values.putAll(in.named());
                    return new Namespace(values);
                };
            case "dict" ->
                (scope, in) -> {
                    Map<@Nullable Object, @Nullable Object> values = new LinkedHashMap<>();
                    in.positional().forEach(from -> values.putAll((Map<?, ?>) from));
                    values.putAll(in.named());
                    return values;
                };
            case "raise_exception" ->
                (scope, in) -> {
                    throw new TemplateException(in.text(0, "message"));
                };
            case "strftime_now" -> (scope, in) -> time(in.text(0, "format"), LocalDateTime.now(scope.clock()));
            default -> null;
        };
    }

    private static Object range(Scope scope, Arguments in) {
        boolean one = in.positional().size() == 1;
        long begin = one ? 0 : Values.integer(in.get(0, "start"));
        long end = Values.integer(in.get(one ? 0 : 1, "stop"));
        long step = Values.integer(in.get(2, "step", 1L));
        if (step == 0) {
            throw new TemplateException("the step of a range is 0");
        }
        Budget.checkElements(Math.max(0, (end - begin) / step));
        List<@Nullable Object> numbers = new ArrayList<>();
        for (long i = begin; step > 0 ? i < end : i > end; i += step) {
            numbers.add(i);
        }
        return scope.budget().made(numbers);
    }

    private static String time(String format, LocalDateTime now) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char letter = format.charAt(++i);
            boolean unpadded = letter == '-' && i + 1 < format.length();
            letter = unpadded ? format.charAt(++i) : letter;
            String pattern = TIMES.get(letter);
            if (letter == '%') {
                out.append('%');
            } else if (pattern == null) {
                throw new TemplateException("strftime_now does not know %" + letter);
            } else {
                String text =
                        DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
                out.append(unpadded ? text.replaceFirst("^0+(?=.)", "") : text);
            }
        }
        return out.toString();
    }
}
