package forge.ai.provider.local.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What something is called with, by position and by name. */
record Arguments(List<@Nullable Object> positional, Map<String, @Nullable Object> named) {

    static final Arguments NONE = new Arguments(List.of(), Map.of());

    boolean has(int position, String name) {
        return position < positional.size() || named.containsKey(name);
    }

    /** An argument that must be there. */
    @Nullable
    Object get(int position, String name) {
        if (!has(position, name)) {
            throw new TemplateException("the argument " + name + " is missing");
        }
        return position < positional.size() ? positional.get(position) : named.get(name);
    }

    @Nullable
    Object get(int position, String name, @Nullable Object otherwise) {
        return has(position, name) ? get(position, name) : otherwise;
    }

    String text(int position, String name) {
        return Values.string(get(position, name));
    }

    int integer(int position, String name, int otherwise) {
        return Math.toIntExact(Values.integer(get(position, name, (long) otherwise)));
    }

    /** Without the first of the positional ones. */
    Arguments rest() {
        return new Arguments(positional.subList(1, positional.size()), named);
    }
}
