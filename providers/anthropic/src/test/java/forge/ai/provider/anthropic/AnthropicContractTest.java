package forge.ai.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.TokenCount;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.LlmProviderContract;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnthropicContractTest extends LlmProviderContract {

    private final AnthropicServer server = new AnthropicServer();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final AnthropicProvider provider;

    AnthropicContractTest() {
        upstream.script(server::answer);
        provider = new AnthropicProvider(Settings.of(Configs.of(
                AnthropicProviderComponent.Config.class,
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
        return ChatRequest.of(AnthropicServer.MODEL, Message.user("hello"));
    }

    @Override
    protected String answer() {
        return "olleh";
    }

    @Override
    protected Optional<CompletionRequest> completion() {
        return Optional.empty();
    }

    @Override
    protected Optional<EmbeddingRequest> embedding() {
        return Optional.empty();
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

    @Test
    void tokensAreCountedByTheVendor() {
        assertThat(provider.countTokens(chat())).isEqualTo(new TokenCount(5, true));
        assertThat(upstream.requests().getFirst().path()).isEqualTo("/v1/messages/count_tokens");
        assertThat(upstream.requests().getFirst().body()).doesNotContain("max_tokens");
    }
}
