package forge.ai.provider.openai;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.LlmModel;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.Secrets;
import forge.ai.runtime.support.http.TimeLimits;
import forge.ai.runtime.support.openai.Dialect;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The configuration, checked. */
record Settings(String name, Endpoint endpoint, Dialect dialect, List<LlmModel> models) {

    private static final List<String> REASONING_FIELDS = List.of("", "reasoning_content", "reasoning");

    static Settings of(OpenAiProviderComponent.Config config) {
        if (!config.name().matches("[A-Za-z0-9._-]+")) {
            throw refused("name", config.name(), "letters, digits, . _ -");
        }
        TimeLimits limits = new TimeLimits(
                limit("connectTimeoutMillis", config.connectTimeoutMillis()),
                limit("firstTokenTimeoutMillis", config.firstTokenTimeoutMillis()),
                limit("idleTimeoutMillis", config.idleTimeoutMillis()),
                limit("requestTimeoutMillis", config.requestTimeoutMillis()));
        Map<String, String> headers = new HashMap<>();
        header(headers, "Authorization", "apiKey", config.apiKey(), "Bearer ");
        header(headers, "OpenAI-Organization", "organization", config.organization(), "");
        header(headers, "OpenAI-Project", "project", config.project(), "");
        List<LlmModel> models = Stream.of(config.models())
                .filter(m -> !m.isBlank())
                .map(LlmModel::of)
                .toList();
        Secrets secrets = Secrets.of(config.apiKey().strip());
        String baseUrl = baseUrl(config.baseUrl());
        String reasoningField = config.reasoningField().strip();
        if (!REASONING_FIELDS.contains(reasoningField)) {
            throw refused("reasoningField", reasoningField, "empty, reasoning_content, reasoning");
        }
        return new Settings(
                config.name(),
                new Endpoint(config.name(), baseUrl, headers, limits, secrets),
                Dialect.at(baseUrl, reasoningField),
                models);
    }

    private static String baseUrl(String value) {
        String allowed = "an address with http or https, without user, query and fragment";
        try {
            URI uri = URI.create(value.strip());
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            boolean plain = uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
            if (http && uri.getHost() != null && plain) {
                return uri.toString().replaceAll("/+$", "");
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw refused("baseUrl", value.replaceAll("//[^/]*@", "//***@"), allowed);
    }

    private static Duration limit(String key, long millis) {
        if (millis < 0 || millis > 86_400_000) {
            throw refused(key, Long.toString(millis), "0 (no limit) to 86400000");
        }
        return Duration.ofMillis(millis);
    }

    private static void header(Map<String, String> headers, String name, String key, String value, String prefix) {
        String text = value.strip();
        if (!text.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
            throw refused(key, "(not shown)", "visible ASCII characters without spaces");
        }
        if (!text.isEmpty()) {
            headers.put(name, prefix + text);
        }
    }

    private static InvalidRequestException refused(String key, String value, String allowed) {
        return new InvalidRequestException(
                "forge.ai.provider.openai: " + key + " = " + value + " is refused; allowed: " + allowed);
    }
}
