package forge.ai.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.llm.ProviderFaultsContract;
import forge.ai.runtime.testkit.llm.ResponsesAnswers;
import forge.ai.runtime.testkit.llm.VendorAnswers;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** What goes wrong where chats go to the Responses. */
class ResponsesFaultsTest extends ProviderFaultsContract {

    @Override
    protected VendorAnswers answers() {
        return new ResponsesAnswers();
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
        values.put("api", "responses");
        Settings settings = Settings.of(Configs.of(OpenAiProviderComponent.Config.class, values));
        assertThat(settings.toString()).doesNotContain(KEY);
        return new OpenAiProvider(settings, new HttpUpstream(DRAIN, MAX_ANSWER));
    }

    @Override
    protected void close(LlmProvider provider) {
        ((OpenAiProvider) provider).close();
    }
}
