package forge.ai.provider.ollama;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.LlmProviderContract;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

class OllamaContractTest extends LlmProviderContract {

    private final OllamaServer server = new OllamaServer();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final OllamaProvider provider;

    OllamaContractTest() {
        upstream.script(server::answer);
        provider = new OllamaProvider(Settings.of(Configs.of(
                OllamaProviderComponent.Config.class,
                Map.of("baseUrl", upstream.uri().toString(), "apiKey", "key-of-the-test"))));
    }

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
    }

    @Override
    protected LlmProvider provider() {
        return provider;
    }

    @Override
    protected ChatRequest chat() {
        return ChatRequest.of(OllamaServer.MODEL, Message.user("hello"));
    }

    @Override
    protected String answer() {
        return "olleh";
    }

    @Override
    protected Optional<CompletionRequest> completion() {
        return Optional.of(CompletionRequest.of(OllamaServer.MODEL, "abc"));
    }

    @Override
    protected Optional<EmbeddingRequest> embedding() {
        return Optional.of(EmbeddingRequest.of(OllamaServer.MODEL, "a", "bbb"));
    }

    @Override
    protected void hang() {
        server.hangs = true;
    }

    @Override
    protected int busy() {
        return server.busy.get();
    }

    @Override
    protected void stop() {
        provider.close();
    }
}
