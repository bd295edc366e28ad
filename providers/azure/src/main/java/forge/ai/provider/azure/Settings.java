package forge.ai.provider.azure;

import forge.ai.api.llm.EmbeddingLimits;
import forge.ai.runtime.support.config.ConfigCheck;
import forge.ai.runtime.support.http.TimeLimits;
import forge.ai.runtime.support.openai.Dialect;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration, checked.
 *
 * @param endpoints addresses of the resources, the preferred one first
 * @param keys one or two, or none where {@code entra} is there
 * @param responses whether chats go to the Responses
 * @param summary in what words thoughts are asked for there, or empty
 * @param deployments by model
 */
record Settings(
        String name,
        List<String> endpoints,
        List<String> keys,
        Optional<Entra> entra,
        boolean v1,
        boolean responses,
        String summary,
        String apiVersion,
        Map<String, String> deployments,
        TimeLimits limits,
        EmbeddingLimits embeddingLimits) {

    /** An application that proves itself to Entra with its secret. */
    record Entra(String tokenUrl, String clientId, String clientSecret, String scope) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "Entra[" + clientId + " at " + tokenUrl + "]";
        }
    }

    private static final ConfigCheck CHECK = new ConfigCheck("forge.ai.provider.azure");
    private static final String USUAL_VERSION = "2024-10-21";

    /** From then on it knows what OpenAI's own interface knows. */
    private static final String FIRST_RECENT_VERSION = "2024-09";

    private static final int MOST_KEYS = 2;

    static Settings of(AzureProviderComponent.Config config) {
        List<String> endpoints = Stream.of(config.endpoints())
                .filter(e -> !e.isBlank())
                .map(e -> CHECK.address("endpoints", e).replaceFirst("/openai(/v1)?$", ""))
                .toList();
        if (endpoints.isEmpty() || endpoints.stream().distinct().count() < endpoints.size()) {
            throw CHECK.refused("endpoints", endpoints.toString(), "one address or more, each once");
        }
        List<String> keys = Stream.of(config.apiKeys())
                .map(k -> CHECK.token("apiKeys", k))
                .filter(k -> !k.isEmpty())
                .toList();
        Optional<Entra> entra = entra(config);
        if (keys.size() > MOST_KEYS || keys.isEmpty() == entra.isEmpty()) {
            throw CHECK.refused("apiKeys", keys.size() + " keys", "one or two keys, or entra.* in place of keys");
        }
        String api = CHECK.word("api", config.api(), List.of("v1", "responses", "deployments"));
        boolean v1 = !api.equals("deployments");
        String version = config.apiVersion().strip();
        if (!version.matches("[A-Za-z0-9-]*")) {
            throw CHECK.refused("apiVersion", version, "a version such as " + USUAL_VERSION + ", or empty");
        }
        return new Settings(
                CHECK.name(config.name()),
                endpoints,
                keys,
                entra,
                v1,
                api.equals("responses"),
                CHECK.word("reasoningSummary", config.reasoningSummary(), Dialect.SUMMARIES),
                version.isEmpty() && !v1 ? USUAL_VERSION : version,
                CHECK.pairs("deployments", config.deployments()),
                CHECK.limits(
                        config.connectTimeoutMillis(),
                        config.firstTokenTimeoutMillis(),
                        config.idleTimeoutMillis(),
                        config.requestTimeoutMillis()),
                CHECK.embeddingLimits(config.embeddingInputs(), config.embeddingTokens()));
    }

    private static Optional<Entra> entra(AzureProviderComponent.Config config) {
        String tenant = config.entra_tenant().strip();
        String client = CHECK.token("entra.clientId", config.entra_clientId());
        String secret = CHECK.token("entra.clientSecret", config.entra_clientSecret());
        String url = config.entra_tokenUrl().strip();
        if (Stream.of(tenant, client, secret, url).allMatch(String::isEmpty)) {
            return Optional.empty();
        }
        if (!tenant.matches("[A-Za-z0-9.-]*") || (tenant.isEmpty() && url.isEmpty())) {
            throw CHECK.refused("entra.tenant", tenant, "the tenant's id or domain, or entra.tokenUrl in its place");
        }
        if (client.isEmpty()) {
            throw CHECK.refused("entra.clientId", "", "the id of the application");
        }
        if (secret.isEmpty()) {
            throw CHECK.refused("entra.clientSecret", "", "the secret of the application");
        }
        String tokens = url.isEmpty() ? "https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0/token" : url;
        return Optional.of(new Entra(
                CHECK.address("entra.tokenUrl", tokens),
                client,
                secret,
                CHECK.token("entra.scope", config.entra_scope())));
    }

    /** What every path is followed by. */
    String query() {
        return apiVersion.isEmpty() ? "" : "?api-version=" + apiVersion;
    }

    Dialect dialect() {
        boolean older = !v1 && apiVersion.compareTo(FIRST_RECENT_VERSION) < 0;
        Dialect chat = new Dialect(true, "", older);
        return responses ? chat.byResponses(summary) : chat;
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "Settings[" + name + ", "
                + endpoints.stream().map(URI::create).map(URI::getHost).toList() + "]";
    }
}
