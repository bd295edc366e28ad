package forge.ai.provider.local.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What stands behind a value and a bar. */
final class Filters {

    private static final Set<String> NAMES = new TreeSet<>(Set.of(
            "abs",
            "capitalize",
            "count",
            "d",
            "default",
            "dictsort",
            "e",
            "escape",
            "first",
            "float",
            "indent",
            "int",
            "items",
            "join",
            "last",
            "length",
            "list",
            "lower",
            "lstrip",
            "map",
            "max",
            "min",
            "reject",
            "rejectattr",
            "replace",
            "reverse",
            "round",
            "rstrip",
            "safe",
            "select",
            "selectattr",
            "sort",
            "string",
            "strip",
            "sum",
            "title",
            "tojson",
            "trim",
            "unique",
            "upper"));

    private Filters() {}

    /** @throws TemplateException if there is no such filter */
    static void check(String name) {
        if (!NAMES.contains(name)) {
            throw new TemplateException("there is no filter " + name + "; there are " + NAMES);
        }
    }

    static @Nullable Object apply(String name, @Nullable Object value, Arguments in, Scope scope) {
        return switch (name) {
            case "default", "d" -> {
                boolean missing =
                        value instanceof Undefined || Values.truth(in.get(1, "boolean", false)) && !Values.truth(value);
                yield missing ? in.get(0, "default_value", "") : value;
            }
            case "trim", "strip" -> Methods.strip(Values.text(value), in, true, true);
            case "lstrip" -> Methods.strip(Values.text(value), in, true, false);
            case "rstrip" -> Methods.strip(Values.text(value), in, false, true);
            case "upper" -> Values.text(value).toUpperCase(Locale.ROOT);
            case "lower" -> Values.text(value).toLowerCase(Locale.ROOT);
            case "title" -> Methods.title(Values.text(value));
            case "capitalize" -> Methods.capitalized(Values.text(value));
            case "string" -> Values.text(value);
            case "safe" -> value;
            case "replace" -> Methods.replace(Values.text(value), in, scope.budget());
            case "indent" -> indent(Values.text(value), in, scope.budget());
            case "e", "escape" -> escaped(Values.text(value));
            case "tojson" -> JsonText.of(value, in, scope.budget());
            case "int", "float", "abs", "round" -> number(name, value, in);
            case "length", "count" -> size(value);
            case "items", "dictsort" -> items(name, value);
            default -> ofElements(name, Values.elements(value), value, in, scope);
        };
    }

    private static @Nullable Object ofElements(
            String name, List<@Nullable Object> list, @Nullable Object whole, Arguments in, Scope scope) {
        scope.budget().steps(list.size());
        return switch (name) {
            case "list" -> list;
            case "first" -> list.isEmpty() ? new Undefined("the first element") : list.getFirst();
            case "last" -> list.isEmpty() ? new Undefined("the last element") : list.getLast();
            case "join" ->
                join(mapped(list, in.get(1, "attribute", null)), Values.text(in.get(0, "d", "")), scope.budget());
            case "reverse" ->
                whole instanceof String text ? new StringBuilder(text).reverse().toString() : list.reversed();
            case "sum" -> sum(mapped(list, in.get(0, "attribute", null)), scope.budget());
            case "min", "max" -> extreme(name, list);
            case "sort" -> sorted(list, in);
            case "unique" -> unique(list);
            case "map" -> map(list, in, scope);
            default -> selected(name, list, in, scope);
        };
    }

    static String join(List<@Nullable Object> elements, String separator, Budget budget) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < elements.size(); i++) {
            out.append(i > 0 ? separator : "").append(Values.text(elements.get(i)));
            Budget.checkCharacters(out.length());
        }
        return budget.made(out.toString());
    }

    private static long size(@Nullable Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined undefined -> 0;
            case null, default -> throw new TemplateException(Values.kind(value) + " has no length");
        };
    }

    private static Object number(String name, @Nullable Object value, Arguments in) {
        switch (name) {
            case "abs":
                return value instanceof Double real
                        ? (Object) Math.abs(real)
                        : (Object) Math.abs(Values.integer(value));
            case "round":
                double scale = Math.pow(10, in.integer(0, "precision", 0));
                return Math.rint(Values.number(value) * scale) / scale;
            default:
        }
        double number;
        try {
            number = value instanceof String text ? Double.parseDouble(text.strip()) : Values.number(value);
        } catch (NumberFormatException | TemplateException e) {
            number = Values.number(in.get(0, "default", 0L));
        }
        return name.equals("int") ? (Object) (long) number : (Object) number;
    }

    private static List<Object> items(String name, @Nullable Object value) {
        if (value instanceof Undefined) {
            return List.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new TemplateException(Values.kind(value) + " has no items");
        }
        List<Object> items = Methods.items(map);
        if (name.equals("dictsort")) {
            items.sort(Comparator.comparing(
                    item -> Values.text(((List<?>) item).getFirst()).toLowerCase(Locale.ROOT)));
        }
        return items;
    }

    private static String indent(String text, Arguments in, Budget budget) {
        Object width = in.get(0, "width", 4L);
        String blanks = width instanceof String own ? own : " ".repeat(Math.clamp(Values.integer(width), 0, 1000));
        boolean first = Values.truth(in.get(1, "first", false));
        boolean blank = Values.truth(in.get(2, "blank", false));
        String[] lines = text.split("\n", -1);
        Budget.checkCharacters(text.length() + (long) lines.length * blanks.length());
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            boolean indented = i == 0 ? first : blank || !lines[i].isEmpty();
            out.append(i > 0 ? "\n" : "").append(indented ? blanks : "").append(lines[i]);
        }
        return budget.made(out.toString());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static List<@Nullable Object> mapped(List<@Nullable Object> list, @Nullable Object attribute) {
        if (attribute == null) {
            return list;
        }
        List<@Nullable Object> mapped = new ArrayList<>();
        list.forEach(element -> mapped.add(path(element, attribute)));
        return mapped;
    }

    /** An attribute, or one of an attribute by dots. */
    private static @Nullable Object path(@Nullable Object of, @Nullable Object attribute) {
        Object value = of;
        for (String name : Values.text(attribute).split("\\.")) {
            value = Members.item(value, name);
        }
        return value;
    }

    private static @Nullable Object sum(List<@Nullable Object> list, Budget budget) {
        Object sum = 0L;
        for (Object element : list) {
            sum = Operators.apply("+", sum, element, budget);
        }
        return sum;
    }

    private static @Nullable Object extreme(String name, List<@Nullable Object> list) {
        Object best = new Undefined("the " + name + " of nothing");
        for (Object element : list) {
            if (best instanceof Undefined || Operators.order(element, best) < 0 == name.equals("min")) {
                best = element;
            }
        }
        return best;
    }

    private static List<@Nullable Object> sorted(List<@Nullable Object> list, Arguments in) {
        Object attribute = in.get(2, "attribute", null);
        boolean exact = Values.truth(in.get(1, "case_sensitive", false));
        Comparator<@Nullable Object> order =
                (a, b) -> Operators.order(key(a, attribute, exact), key(b, attribute, exact));
        list.sort(Values.truth(in.get(0, "reverse", false)) ? order.reversed() : order);
        return list;
    }

    private static @Nullable Object key(@Nullable Object element, @Nullable Object attribute, boolean exact) {
        Object key = attribute == null ? element : path(element, attribute);
        return key instanceof String text && !exact ? text.toLowerCase(Locale.ROOT) : key;
    }

    private static List<@Nullable Object> unique(List<@Nullable Object> list) {
        Map<@Nullable Object, @Nullable Object> found = new LinkedHashMap<>();
        list.forEach(element -> found.putIfAbsent(key(element, null, false), element));
        return new ArrayList<>(found.values());
    }

    private static List<@Nullable Object> map(List<@Nullable Object> list, Arguments in, Scope scope) {
        Object attribute = in.get(9, "attribute", null);
        if (attribute != null) {
            List<@Nullable Object> mapped = mapped(list, attribute);
            Object otherwise = in.get(9, "default", null);
            mapped.replaceAll(value -> value instanceof Undefined && otherwise != null ? otherwise : value);
            return mapped;
        }
        String filter = in.text(0, "filter");
        check(filter);
        List<@Nullable Object> mapped = new ArrayList<>();
        list.forEach(element -> mapped.add(apply(filter, element, in.rest(), scope)));
        return mapped;
    }

    private static List<@Nullable Object> selected(
            String name, List<@Nullable Object> list, Arguments in, Scope scope) {
        boolean byAttribute = name.endsWith("attr");
        Arguments rest = byAttribute ? in.rest() : in;
        boolean tests = !rest.positional().isEmpty();
        String test = tests ? rest.text(0, "test") : "";
        if (tests) {
            Checks.check(test);
        }
        List<@Nullable Object> selected = new ArrayList<>();
        for (Object element : list) {
            Object value = byAttribute ? path(element, in.get(0, "attribute")) : element;
            boolean holds = tests ? Checks.holds(test, value, rest.rest()) : Values.truth(value);
            if (holds == name.startsWith("select")) {
                selected.add(element);
            }
        }
        return selected;
    }
}
