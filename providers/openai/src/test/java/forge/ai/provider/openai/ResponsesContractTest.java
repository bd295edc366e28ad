package forge.ai.provider.openai;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.LlmProviderContract;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** Chats by way of the Responses, all else as ever. */
class ResponsesContractTest extends LlmProviderContract {

    private final OpenAiServer server = new OpenAiServer();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final OpenAiProvider provider;

    ResponsesContractTest() {
        upstream.script(server::answer);
        provider = new OpenAiProvider(Settings.of(Configs.of(
                OpenAiProviderComponent.Config.class,
                Map.of("baseUrl", upstream.uri() + "/v1", "apiKey", "key-of-the-test", "api", "responses"))));
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
        return ChatRequest.of(OpenAiServer.MODEL, Message.user("hello"));
    }

    @Override
    protected String answer() {
        return "olleh";
    }

    @Override
    protected Optional<CompletionRequest> completion() {
        return Optional.of(CompletionRequest.of(OpenAiServer.MODEL, "abc"));
    }

    @Override
    protected Optional<EmbeddingRequest> embedding() {
        return Optional.of(EmbeddingRequest.of(OpenAiServer.MODEL, "a", "bbb"));
    }

    @Override
    protected void hang() {
        server.hang();
    }

    @Override
    protected int busy() {
        return server.busy();
    }

    @Override
    protected void stop() {
        provider.close();
    }
}
