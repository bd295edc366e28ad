package forge.ai.provider.anthropic;

import forge.ai.api.llm.LlmModel;
import forge.ai.runtime.support.config.ConfigCheck;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.Secrets;
import forge.ai.runtime.support.http.TimeLimits;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration, checked.
 *
 * @param version empty to choose for each request
 * @param betas names of trial features
 * @param maxTokens of an answer where the request does not say
 */
record Settings(
        String name,
        Endpoint endpoint,
        Optional<ApiVersion> version,
        List<String> betas,
        int maxTokens,
        List<LlmModel> models) {

    private static final ConfigCheck CHECK = new ConfigCheck("forge.ai.provider.anthropic");
    private static final String AUTO = "auto";
    private static final int MOST_TOKENS = 1_000_000;

    static Settings of(AnthropicProviderComponent.Config config) {
        TimeLimits limits = CHECK.limits(
                config.connectTimeoutMillis(),
                config.firstTokenTimeoutMillis(),
                config.idleTimeoutMillis(),
                config.requestTimeoutMillis());
        String key = CHECK.token("apiKey", config.apiKey());
        Map<String, String> headers = key.isEmpty() ? Map.of() : Map.of("x-api-key", key);
        // The version is part of the paths; many write it here, as other vendors want it.
        String baseUrl = CHECK.address("baseUrl", config.baseUrl()).replaceAll("/v1$", "");
        if (config.maxTokens() < 1 || config.maxTokens() > MOST_TOKENS) {
            throw CHECK.refused("maxTokens", Integer.toString(config.maxTokens()), "1 to " + MOST_TOKENS);
        }
        return new Settings(
                CHECK.name(config.name()),
                new Endpoint(config.name(), baseUrl, headers, limits, Secrets.of(key)),
                version(config.apiVersion()),
                Stream.of(config.betas())
                        .map(beta -> CHECK.token("betas", beta))
                        .filter(beta -> !beta.isEmpty())
                        .toList(),
                config.maxTokens(),
                ConfigCheck.models(config.models()));
    }

    private static Optional<ApiVersion> version(String value) {
        List<String> words = Stream.concat(
                        Stream.of(AUTO), Stream.of(ApiVersion.values()).map(ApiVersion::header))
                .toList();
        String word = CHECK.word("apiVersion", value, words);
        return Stream.of(ApiVersion.values())
                .filter(version -> version.header().equals(word))
                .findFirst();
    }

    /** Whether Anthropic itself answers, which knows each version; others lag behind. */
    boolean official() {
        String host = URI.create(endpoint.baseUrl()).getHost();
        return host.equals("anthropic.com") || host.endsWith(".anthropic.com");
    }
}
