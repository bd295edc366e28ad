package forge.ai.provider.openai;

import forge.ai.api.llm.EmbeddingLimits;
import forge.ai.api.llm.LlmModel;
import forge.ai.runtime.support.config.ConfigCheck;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.Secrets;
import forge.ai.runtime.support.http.TimeLimits;
import forge.ai.runtime.support.openai.Dialect;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The configuration, checked. */
record Settings(
        String name, Endpoint endpoint, Dialect dialect, EmbeddingLimits embeddingLimits, List<LlmModel> models) {

    private static final ConfigCheck CHECK = new ConfigCheck("forge.ai.provider.openai");

    static Settings of(OpenAiProviderComponent.Config config) {
        TimeLimits limits = CHECK.limits(
                config.connectTimeoutMillis(),
                config.firstTokenTimeoutMillis(),
                config.idleTimeoutMillis(),
                config.requestTimeoutMillis());
        String key = CHECK.token("apiKey", config.apiKey());
        Map<String, String> headers = new HashMap<>();
        header(headers, "Authorization", key.isEmpty() ? "" : "Bearer " + key);
        header(headers, "OpenAI-Organization", CHECK.token("organization", config.organization()));
        header(headers, "OpenAI-Project", CHECK.token("project", config.project()));
        String baseUrl = CHECK.address("baseUrl", config.baseUrl());
        String reasoningField = CHECK.word("reasoningField", config.reasoningField(), Dialect.REASONING_FIELDS);
        Dialect chat = Dialect.at(baseUrl, reasoningField);
        String summary = CHECK.word("reasoningSummary", config.reasoningSummary(), Dialect.SUMMARIES);
        boolean responses =
                CHECK.word("api", config.api(), List.of("chat", "responses")).equals("responses");
        return new Settings(
                CHECK.name(config.name()),
                new Endpoint(config.name(), baseUrl, headers, limits, Secrets.of(key)),
                responses ? chat.byResponses(summary) : chat,
                CHECK.embeddingLimits(config.embeddingInputs(), config.embeddingTokens()),
                ConfigCheck.models(config.models()));
    }

    private static void header(Map<String, String> headers, String name, String value) {
        if (!value.isEmpty()) {
            headers.put(name, value);
        }
    }
}
