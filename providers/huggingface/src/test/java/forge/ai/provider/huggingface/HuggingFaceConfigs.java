package forge.ai.provider.huggingface;

import forge.ai.runtime.testkit.Configs;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Configurations of the tests. */
final class HuggingFaceConfigs {

    private HuggingFaceConfigs() {}

    static Settings of(Map<String, ?> values) {
        return Settings.of(Configs.of(HuggingFaceProviderComponent.Config.class, values));
    }

    static Settings at(URI router, Map<String, ?> more) {
        Map<String, Object> values = new HashMap<>(Map.of("baseUrl", router.toString()));
        values.putAll(more);
        return of(values);
    }
}
