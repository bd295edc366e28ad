package forge.ai.runtime.models;

import java.lang.reflect.Proxy;
import java.util.Map;

/** The configuration with some values set and the others at their defaults. */
final class Configs {

    private Configs() {}

    static FolderModelRegistry.Config of(Map<String, ?> values) {
        return (FolderModelRegistry.Config) Proxy.newProxyInstance(
                Configs.class.getClassLoader(),
                new Class<?>[] {FolderModelRegistry.Config.class},
                (proxy, method, arguments) ->
                        values.containsKey(method.getName()) ? values.get(method.getName()) : method.getDefaultValue());
    }
}
