package forge.ai.provider.local.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON in the form that Python's {@code json.dumps} gives it, on which models were trained. */
final class JsonText {

    private static final int DEPTH = 100;

    private final StringBuilder out = new StringBuilder();
    private final String indent;
    private final String comma;
    private final String colon;
    private final boolean ascii;
    private final boolean sorted;

    private JsonText(Arguments in) {
        Object width = in.get(1, "indent", null);
        indent = width == null
                ? ""
                : width instanceof String own ? own : " ".repeat(Math.clamp(Values.integer(width), 0, 100));
        ascii = Values.truth(in.get(0, "ensure_ascii", false));
        sorted = Values.truth(in.get(3, "sort_keys", false));
        Object separators = in.get(2, "separators", null);
        comma = separators instanceof List<?> pair ? Values.string(pair.get(0)) : width == null ? ", " : ",";
        colon = separators instanceof List<?> pair ? Values.string(pair.get(1)) : ": ";
    }

    static String of(@Nullable Object value, Arguments in, Budget budget) {
        // Jinja's own filter has the indent first, that of the transformers ensure_ascii.
        boolean indentFirst = !in.positional().isEmpty() && !(in.positional().getFirst() instanceof Boolean);
        Arguments arguments = indentFirst ? new Arguments(List.of(false, in.get(0, "indent", 0L)), in.named()) : in;
        JsonText text = new JsonText(arguments);
        text.write(value, 0);
        return budget.made(text.out.toString());
    }

    private void write(@Nullable Object value, int depth) {
        Budget.checkCharacters(out.length());
        if (depth > DEPTH) {
            throw new TemplateException("a value is more than " + DEPTH + " deep");
        }
        switch (value) {
            case null -> out.append("null");
            case Boolean b -> out.append(b);
            case Long number -> out.append(number);
            case Integer number -> out.append(number);
            case Double number -> out.append(Values.real(number));
            case String text -> string(text);
            case List<?> list -> {
                List<Runnable> elements = new ArrayList<>();
                list.forEach(element -> elements.add(() -> write(element, depth + 1)));
                write('[', elements, ']', depth);
            }
            case Map<?, ?> map -> {
                List<Runnable> members = new ArrayList<>();
                map.entrySet().stream()
                        .sorted(sorted ? Comparator.comparing(e -> Values.text(e.getKey())) : (a, b) -> 0)
                        .forEach(e -> members.add(() -> {
                            string(Values.text(e.getKey()));
                            out.append(colon);
                            write(e.getValue(), depth + 1);
                        }));
                write('{', members, '}', depth);
            }
            case Undefined undefined -> throw undefined.refused();
            default -> throw new TemplateException(Values.kind(value) + " is no JSON");
        }
    }

    private void write(char begin, List<Runnable> parts, char end, int depth) {
        out.append(begin);
        for (int i = 0; i < parts.size(); i++) {
            out.append(i > 0 ? comma : "");
            line(depth + 1);
            parts.get(i).run();
        }
        if (!parts.isEmpty()) {
            line(depth);
        }
        out.append(end);
    }

    private void line(int depth) {
        if (!indent.isEmpty()) {
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private void string(String text) {
        out.append('"');
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || ascii && c > 0x7E) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
