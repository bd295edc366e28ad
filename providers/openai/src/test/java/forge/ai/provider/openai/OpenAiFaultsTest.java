package forge.ai.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.OpenAiAnswers;
import forge.ai.runtime.testkit.llm.ProviderFaultsContract;
import forge.ai.runtime.testkit.llm.VendorAnswers;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenAiFaultsTest extends ProviderFaultsContract {

    @Override
    protected VendorAnswers answers() {
        return new OpenAiAnswers();
    }

    @Override
    protected String name() {
        return "openai";
    }

    @Override
    protected LlmProvider open(URI upstream, Map<String, Long> limits) {
        Map<String, Object> values = new HashMap<>(limits);
        values.put("baseUrl", upstream.toString());
        values.put("apiKey", KEY);
        Settings settings = Settings.of(Configs.of(OpenAiProviderComponent.Config.class, values));
        assertThat(settings.toString()).doesNotContain(KEY);
        return new OpenAiProvider(settings, new HttpUpstream(DRAIN, MAX_ANSWER));
    }

    @Override
    protected void close(LlmProvider provider) {
        ((OpenAiProvider) provider).close();
    }

    @Test
    void anEmptyAccountIsNoRateLimit() {
        try (ScriptedUpstream upstream = new ScriptedUpstream()) {
            upstream.script(x -> x.answer(429, "application/json", answers().error("pay first", "insufficient_quota")));
            LlmProvider provider = open(upstream.uri(), Map.of());
            ForgeException e = catchThrowableOfType(
                    ForgeException.class, () -> provider.chat(ChatRequest.of("m", Message.user("a"))));
            assertThat(e.code()).isEqualTo(ErrorCode.QUOTA);
            close(provider);
        }
    }
}
