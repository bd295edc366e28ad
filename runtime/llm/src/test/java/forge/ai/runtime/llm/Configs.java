package forge.ai.runtime.llm;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configuration annotations with some values set and the others at their defaults. */
final class Configs {

    private Configs() {}

    static <C> C of(Class<C> type, Map<String, ?> values) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> values.containsKey(method.getName())
                        ? values.get(method.getName())
                        : method.getDefaultValue()));
    }
}
