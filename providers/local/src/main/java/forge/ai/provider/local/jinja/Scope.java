package forge.ai.provider.local.jinja;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that are known at a place of a template. */
final class Scope {

    private final @Nullable Scope outer;
    private final Map<String, @Nullable Object> names;
    private final Clock clock;
    private final Budget budget;

    private Scope(@Nullable Scope outer, Map<String, @Nullable Object> names, Clock clock, Budget budget) {
        this.outer = outer;
        this.names = names;
        this.clock = clock;
        this.budget = budget;
    }

    static Scope of(Map<String, ?> values, Clock clock, Budget budget) {
        return new Scope(null, new HashMap<>(values), clock, budget);
    }

    /** What is set there does not show here. */
    Scope inner() {
        return new Scope(this, new HashMap<>(), clock, budget);
    }

    Clock clock() {
        return clock;
    }

    Budget budget() {
        return budget;
    }

    void set(String name, @Nullable Object value) {
        names.put(name, value);
    }

    @Nullable
    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            if (scope.names.containsKey(name)) {
                return scope.names.get(name);
            }
        }
        Function function = Functions.named(name);
        return function != null ? function : new Undefined(name);
    }
}
