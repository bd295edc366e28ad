package forge.ai.provider.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import forge.ai.runtime.testkit.llm.ProviderBundleContract;
import java.net.URI;
import java.util.Map;

class HuggingFaceProviderIT extends ProviderBundleContract {

    private final HuggingFaceServer server = new HuggingFaceServer();

    @Override
    protected String symbolicName() {
        return "forge.ai.provider.huggingface";
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
                "baseUrl",
                upstream.toString(),
                "token",
                "hf_" + change,
                "idleTimeoutMillis",
                change < 0 ? -1L : 60_000L);
    }

    @Override
    protected String credentials(int change) {
        return "Bearer hf_" + change;
    }

    @Override
    protected String credentials(ScriptedExchange exchange) {
        return exchange.header("Authorization");
    }

    @Override
    protected void assertMore(LlmProvider provider) {
        assertThat(provider.embed(EmbeddingRequest.of(OpenAiServer.MODEL, "abc"))
                        .vectors())
                .containsExactly(new float[] {3, 1});
    }
}
