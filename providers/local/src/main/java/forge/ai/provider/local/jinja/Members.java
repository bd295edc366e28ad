package forge.ai.provider.local.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be had of a value: attributes, elements, slices, calls. */
final class Members {

    private Members() {}

    /** {@code value.name}: a method, or else an element. */
    static @Nullable Object attribute(@Nullable Object of, Object name) {
        if (of instanceof Undefined undefined) {
            throw undefined.refused();
        }
        if (of instanceof Namespace namespace) {
            return namespace.values().containsKey(name) ? namespace.values().get(name) : new Undefined(name.toString());
        }
        if (name instanceof String method) {
            Function found = Methods.of(of, method);
            if (found != null) {
                return found;
            }
        }
        return of instanceof List<?> || of instanceof Map<?, ?> ? item(of, name) : new Undefined(name.toString());
    }

    /** {@code value[key]}. */
    static @Nullable Object item(@Nullable Object of, @Nullable Object key) {
        return switch (of) {
            case Undefined undefined -> throw undefined.refused();
            case Map<?, ?> map -> map.containsKey(key) ? map.get(key) : new Undefined(Values.text(key));
            case List<?> list when key instanceof Long || key instanceof Integer -> element(list, Values.integer(key));
            case String text
            when key instanceof Long || key instanceof Integer -> element(Values.elements(text), Values.integer(key));
            case Namespace namespace -> attribute(namespace, Values.string(key));
            case null, default -> new Undefined(Values.text(key));
        };
    }

    private static @Nullable Object element(List<?> list, long index) {
        long at = index < 0 ? index + list.size() : index;
        return at >= 0 && at < list.size() ? list.get((int) at) : new Undefined("element " + index);
    }

    /** {@code value[from:to:step]}. */
    static Object slice(@Nullable Object of, @Nullable Object from, @Nullable Object to, @Nullable Object by) {
        if (of instanceof Undefined undefined) {
            throw undefined.refused();
        }
        List<@Nullable Object> all = Values.elements(of);
        int step = by == null ? 1 : Math.toIntExact(Values.integer(by));
        if (step == 0) {
            throw new TemplateException("the step of a slice is 0");
        }
        int size = all.size();
        int first = bound(from, step > 0 ? 0 : size - 1, size, step);
        int last = bound(to, step > 0 ? size : -1, size, step);
        List<@Nullable Object> taken = new ArrayList<>();
        for (int i = first; step > 0 ? i < last : i > last; i += step) {
            taken.add(all.get(i));
        }
        return of instanceof String
                ? String.join("", taken.stream().map(Values::text).toList())
                : taken;
    }

    private static int bound(@Nullable Object value, int otherwise, int size, int step) {
        if (value == null) {
            return otherwise;
        }
        long at = Values.integer(value);
        at = at < 0 ? at + size : at;
        return (int) (step > 0 ? Math.clamp(at, 0, size) : Math.clamp(at, -1, size - 1));
    }

    static @Nullable Object call(@Nullable Object of, Scope scope, Arguments arguments) {
        scope.budget().step();
        if (of instanceof Function function) {
            return function.call(scope, arguments);
        }
        if (of instanceof Undefined undefined) {
            throw undefined.refused();
        }
        throw new TemplateException(Values.kind(of) + " cannot be called");
    }
}
