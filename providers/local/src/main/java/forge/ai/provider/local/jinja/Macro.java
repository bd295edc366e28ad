package forge.ai.provider.local.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A macro: called, it gives its text.
 *
 * @param parameters with what they are where the call does not say, or null
 * @param home where it was made: what is known there is known in it
 */
record Macro(String name, Map<String, @Nullable Expression> parameters, Node body, Scope home) implements Function {

    @Override
    public Object call(Scope scope, Arguments arguments) {
        Scope inner = home.inner();
        int position = 0;
        for (Map.Entry<String, @Nullable Expression> parameter : parameters.entrySet()) {
            String key = parameter.getKey();
            Expression otherwise = parameter.getValue();
            if (arguments.has(position, key)) {
                inner.set(key, arguments.get(position, key));
            } else {
                inner.set(key, otherwise == null ? new Undefined(key) : otherwise.value(inner));
            }
            position++;
        }
        List<@Nullable Object> positional = arguments.positional();
        inner.set("varargs", positional.subList(Math.min(position, positional.size()), positional.size()));
        inner.set("kwargs", arguments.named());
        StringBuilder out = new StringBuilder();
        scope.budget().enter();
        body.render(inner, out);
        scope.budget().leave();
        return out.toString();
    }
}
