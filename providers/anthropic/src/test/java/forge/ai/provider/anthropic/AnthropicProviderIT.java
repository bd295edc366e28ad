package forge.ai.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.llm.ProviderBundleContract;
import java.net.URI;
import java.util.Map;

class AnthropicProviderIT extends ProviderBundleContract {

    private final AnthropicServer server = new AnthropicServer();

    @Override
    protected String symbolicName() {
        return "forge.ai.provider.anthropic";
    }

    @Override
    protected void answer(ScriptedExchange exchange) throws Exception {
        server.answer(exchange);
    }

    @Override
    protected String model() {
        return AnthropicServer.MODEL;
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
                "betas",
                new String[] {"beta-" + change},
                "apiVersion",
                change < 0 ? "2025-01-01" : "auto");
    }

    @Override
    protected String credentials(int change) {
        return "key-" + change + " beta-" + change;
    }

    @Override
    protected String credentials(ScriptedExchange exchange) {
        return exchange.header("x-api-key") + " " + exchange.header("anthropic-beta");
    }

    @Override
    protected void assertMore(LlmProvider provider) {
        assertThat(provider.countTokens(ChatRequest.of(AnthropicServer.MODEL, Message.user("hello")))
                        .inputTokens())
                .isEqualTo(5);
    }
}
