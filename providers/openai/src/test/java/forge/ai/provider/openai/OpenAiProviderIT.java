package forge.ai.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import forge.ai.runtime.testkit.llm.ProviderBundleContract;
import java.net.URI;
import java.util.Map;

class OpenAiProviderIT extends ProviderBundleContract {

    private final OpenAiServer server = new OpenAiServer();

    @Override
    protected String symbolicName() {
        return "forge.ai.provider.openai";
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
                "name", NAME,
                "baseUrl", upstream + "/v1",
                "apiKey", "key-" + change,
                "organization", "org-" + change,
                "idleTimeoutMillis", change < 0 ? -1L : 60_000L);
    }

    @Override
    protected String credentials(int change) {
        return "Bearer key-" + change + " org-" + change;
    }

    @Override
    protected String credentials(ScriptedExchange exchange) {
        return exchange.header("Authorization") + " " + exchange.header("OpenAI-Organization");
    }

    @Override
    protected void assertMore(LlmProvider provider) {
        CompletionRequest text = CompletionRequest.of(OpenAiServer.MODEL, "hello");
        assertThat(provider.complete(text).text()).isEqualTo("olleh");
        assertThat(Completion.of(provider.streamCompletion(text)).text()).isEqualTo("olleh");
        assertThat(provider.embed(EmbeddingRequest.of(OpenAiServer.MODEL, "abc"))
                        .vectors())
                .containsExactly(new float[] {3, 1});
    }
}
