package forge.ai.runtime.inference;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configurations with some values given and the others as they are by default. */
final class Configs {

    private Configs() {}

    static BatchingInferenceService.Config of(Map<String, Object> values) {
        return (BatchingInferenceService.Config) Proxy.newProxyInstance(
                Configs.class.getClassLoader(),
                new Class<?>[] {BatchingInferenceService.Config.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
