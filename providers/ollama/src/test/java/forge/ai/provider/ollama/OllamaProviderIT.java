package forge.ai.provider.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.ModelLibrary;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.llm.ProviderBundleContract;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class OllamaProviderIT extends ProviderBundleContract {

    private final OllamaServer server = new OllamaServer();

    @Override
    protected String symbolicName() {
        return "forge.ai.provider.ollama";
    }

    @Override
    protected void answer(ScriptedExchange exchange) throws Exception {
        server.answer(exchange);
    }

    @Override
    protected String model() {
        return OllamaServer.MODEL;
    }

    @Override
    protected Map<String, Object> values(URI upstream, int change) {
        return Map.of(
                "name",
                NAME,
                "baseUrl",
                upstream.toString(),
                "apiKey",
                "key-" + change,
                "keepAlive",
                change < 0 ? "soon" : "5m");
    }

    @Override
    protected String credentials(int change) {
        return "Bearer key-" + change;
    }

    @Override
    protected String credentials(ScriptedExchange exchange) {
        return exchange.header("Authorization");
    }

    @Override
    protected void assertMore(LlmProvider provider) throws Exception {
        CompletionRequest text = CompletionRequest.of(OllamaServer.MODEL, "hello");
        assertThat(provider.complete(text).text()).isEqualTo("olleh");
        assertThat(Completion.of(provider.streamCompletion(text)).text()).isEqualTo("olleh");
        assertThat(provider.embed(EmbeddingRequest.of(OllamaServer.MODEL, "abc"))
                        .vectors())
                .containsExactly(new float[] {3, 1});

        ModelLibrary library = service(ModelLibrary.class);
        assertThat(library.show(OllamaServer.MODEL).model().contextTokens()).hasValue(131072);
        List<String> statuses = new ArrayList<>();
        library.pull(OllamaServer.MODEL, progress -> statuses.add(progress.status()));
        assertThat(statuses).endsWith("success");
        library.delete(OllamaServer.MODEL);
    }
}
