package forge.ai.provider.ollama;

import forge.ai.runtime.support.config.ConfigCheck;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.Secrets;
import forge.ai.runtime.support.http.TimeLimits;
import java.util.Map;

/**
 * The configuration, checked.
 *
 * @param keepAlive how long models stay loaded, as JSON text; empty to leave it to Ollama
 */
record Settings(String name, Endpoint endpoint, String keepAlive) {

    private static final ConfigCheck CHECK = new ConfigCheck("forge.ai.provider.ollama");
    private static final String NUMBER = "-?\\d{1,9}";
    private static final String DURATION = "-?(\\d{1,9}(\\.\\d{1,9})?(ns|us|\u00b5s|ms|s|m|h))+";

    static Settings of(OllamaProviderComponent.Config config) {
        TimeLimits limits = CHECK.limits(
                config.connectTimeoutMillis(),
                config.firstTokenTimeoutMillis(),
                config.idleTimeoutMillis(),
                config.requestTimeoutMillis());
        String key = CHECK.token("apiKey", config.apiKey());
        Map<String, String> headers = key.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + key);
        String baseUrl = CHECK.address("baseUrl", config.baseUrl());
        return new Settings(
                CHECK.name(config.name()),
                new Endpoint(config.name(), baseUrl, headers, limits, Secrets.of(key)),
                keepAlive(config.keepAlive().strip()));
    }

    /** Ollama takes seconds as a number and durations as text, and refuses a number as text. */
    private static String keepAlive(String value) {
        if (value.isEmpty() || value.matches(NUMBER)) {
            return value;
        }
        if (!value.matches(DURATION)) {
            throw CHECK.refused(
                    "keepAlive",
                    value,
                    "empty, seconds, or a duration such as 5m or 1h30m; negative for ever, 0 not at all");
        }
        return "\"" + value + "\"";
    }
}
