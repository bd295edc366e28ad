package forge.ai.runtime.testkit;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configuration annotations with some values set and the others at their defaults. */
public final class Configs {

    private Configs() {}

    public static <C> C of(Class<C> type, Map<String, ?> values) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> values.containsKey(method.getName())
                        ? values.get(method.getName())
                        : method.getDefaultValue()));
    }
}
