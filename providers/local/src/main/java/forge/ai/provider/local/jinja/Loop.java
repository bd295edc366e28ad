package forge.ai.provider.local.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Repeats its body for each element. */
record Loop(List<String> targets, Expression over, Expression filter, Node body, Node otherwise) implements Node {

    @Override
    public Flow render(Scope scope, StringBuilder out) {
        List<@Nullable Object> elements = new ArrayList<>();
        for (Object element : Values.elements(over.value(scope))) {
            Scope inner = scope.inner();
            assign(inner, targets, element);
            if (Values.truth(filter.value(inner))) {
                elements.add(element);
            }
        }
        if (elements.isEmpty()) {
            return otherwise.render(scope, out);
        }
        for (int i = 0; i < elements.size(); i++) {
            scope.budget().step();
            Scope inner = scope.inner();
            inner.set("loop", about(elements, i));
            assign(inner, targets, elements.get(i));
            if (body.render(inner, out) == Flow.BREAK) {
                break;
            }
        }
        return Flow.NEXT;
    }

    /** What a body knows of the loop it is in. */
    private static Map<String, @Nullable Object> about(List<@Nullable Object> elements, int index) {
        int size = elements.size();
        Map<String, @Nullable Object> about = new LinkedHashMap<>();
        about.put("index", index + 1L);
        about.put("index0", (long) index);
        about.put("revindex", (long) size - index);
        about.put("revindex0", (long) size - index - 1);
        about.put("first", index == 0);
        about.put("last", index == size - 1);
        about.put("length", (long) size);
        about.put("previtem", index > 0 ? elements.get(index - 1) : new Undefined("loop.previtem"));
        about.put("nextitem", index < size - 1 ? elements.get(index + 1) : new Undefined("loop.nextitem"));
        Function cycle = (scope, arguments) ->
                arguments.positional().get(index % arguments.positional().size());
        about.put("cycle", cycle);
        return about;
    }

    /** Gives a name its value; several names share those of a list. */
    static void assign(Scope scope, List<String> names, @Nullable Object value) {
        if (names.size() == 1) {
            scope.set(names.getFirst(), value);
            return;
        }
        List<@Nullable Object> parts = Values.elements(value);
        if (parts.size() != names.size()) {
            throw new TemplateException("there are %d names for %d values".formatted(names.size(), parts.size()));
        }
        for (int i = 0; i < parts.size(); i++) {
            scope.set(names.get(i), parts.get(i));
        }
    }
}
