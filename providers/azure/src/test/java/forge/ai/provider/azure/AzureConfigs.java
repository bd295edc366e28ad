package forge.ai.provider.azure;

import forge.ai.runtime.testkit.Configs;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Configurations of the tests. */
final class AzureConfigs {

    private AzureConfigs() {}

    static Settings of(Map<String, ?> values) {
        return Settings.of(Configs.of(AzureProviderComponent.Config.class, values));
    }

    /** With these values and one key, where they name none. */
    static Settings at(Map<String, ?> more, URI... endpoints) {
        Map<String, Object> values = new HashMap<>();
        values.put("endpoints", Stream.of(endpoints).map(URI::toString).toArray(String[]::new));
        values.put("apiKeys", new String[] {"key-of-the-test"});
        values.putAll(more);
        return of(values);
    }
}
