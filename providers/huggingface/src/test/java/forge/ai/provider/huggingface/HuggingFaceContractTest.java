package forge.ai.provider.huggingface;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.LlmProviderContract;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

class HuggingFaceContractTest extends LlmProviderContract {

    private final HuggingFaceServer server = new HuggingFaceServer();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final HuggingFaceProvider provider =
            new HuggingFaceProvider(HuggingFaceConfigs.at(upstream.uri(), Map.of("token", "hf_of-the-test")));

    HuggingFaceContractTest() {
        upstream.script(server::answer);
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

    /** The router has none. */
    @Override
    protected Optional<CompletionRequest> completion() {
        return Optional.empty();
    }

    @Override
    protected Optional<EmbeddingRequest> embedding() {
        return Optional.of(EmbeddingRequest.of(OpenAiServer.MODEL, "a", "bbb"));
    }

    @Override
    protected void hang() {
        server.chats.hang();
    }

    @Override
    protected int busy() {
        return server.chats.busy();
    }

    @Override
    protected void stop() {
        provider.close();
    }
}
