package forge.ai.provider.huggingface;

import forge.ai.api.llm.EmbeddingLimits;
import forge.ai.api.llm.LlmModel;
import forge.ai.runtime.support.config.ConfigCheck;
import forge.ai.runtime.support.http.Secrets;
import forge.ai.runtime.support.http.TimeLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration, checked.
 *
 * @param router its address
 * @param headers the token among them
 * @param endpoints addresses of dedicated endpoints by model
 * @param models of the router, or none to ask it
 */
record Settings(
        String name,
        String router,
        Map<String, String> headers,
        Secrets secrets,
        Map<String, String> endpoints,
        List<LlmModel> models,
        TimeLimits limits,
        EmbeddingLimits embeddingLimits) {

    private static final ConfigCheck CHECK = new ConfigCheck("forge.ai.provider.huggingface");

    static Settings of(HuggingFaceProviderComponent.Config config) {
        String token = CHECK.token("token", config.token());
        Map<String, String> endpoints = new LinkedHashMap<>();
        CHECK.pairs("endpoints", config.endpoints())
                .forEach((model, url) -> endpoints.put(model, withoutVersion(CHECK.address("endpoints", url))));
        return new Settings(
                CHECK.name(config.name()),
                withoutVersion(CHECK.address("baseUrl", config.baseUrl())),
                token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token),
                Secrets.of(token),
                endpoints,
                ConfigCheck.models(config.models()),
                CHECK.limits(
                        config.connectTimeoutMillis(),
                        config.firstTokenTimeoutMillis(),
                        config.idleTimeoutMillis(),
                        config.requestTimeoutMillis()),
                CHECK.embeddingLimits(config.embeddingInputs(), config.embeddingTokens()));
    }

    /** As the pages of Hugging Face show addresses for OpenAI's clients. */
    private static String withoutVersion(String address) {
        return address.replaceFirst("/v1$", "");
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Settings[" + name + " at " + router + "]";
    }
}
