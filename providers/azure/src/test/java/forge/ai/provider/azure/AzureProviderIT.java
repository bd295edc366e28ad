package forge.ai.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import forge.ai.runtime.testkit.llm.ProviderBundleContract;
import java.net.URI;
import java.util.Map;

class AzureProviderIT extends ProviderBundleContract {

    private final OpenAiServer server = new OpenAiServer();

    @Override
    protected String symbolicName() {
        return "forge.ai.provider.azure";
    }

    @Override
    protected void answer(ScriptedExchange exchange) throws Exception {
        server.answer(exchange);
    }

    @Override
    protected String model() {
        return OpenAiServer.MODEL;
    }

    @Override
    protected Map<String, Object> values(URI upstream, int change) {
        return Map.of(
                "name",
                NAME,
                "endpoints",
                new String[] {upstream.toString()},
                "apiKeys",
                new String[] {"key-" + change},
                "api",
                change < 0 ? "v2" : "v1");
    }

    @Override
    protected String credentials(int change) {
        return "key-" + change;
    }

    @Override
    protected String credentials(ScriptedExchange exchange) {
        return exchange.header("api-key");
    }

    @Override
    protected void assertMore(LlmProvider provider) {
        assertThat(provider.embed(EmbeddingRequest.of(OpenAiServer.MODEL, "abc"))
                        .vectors())
                .containsExactly(new float[] {3, 1});
    }
}
