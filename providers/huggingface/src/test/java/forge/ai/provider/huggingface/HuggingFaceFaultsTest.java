package forge.ai.provider.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.testkit.llm.OpenAiAnswers;
import forge.ai.runtime.testkit.llm.ProviderFaultsContract;
import forge.ai.runtime.testkit.llm.VendorAnswers;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

class HuggingFaceFaultsTest extends ProviderFaultsContract {

    @Override
    protected VendorAnswers answers() {
        return new OpenAiAnswers();
    }

    @Override
    protected String name() {
        return "huggingface";
    }

    @Override
    protected LlmProvider open(URI upstream, Map<String, Long> limits) {
        Map<String, Object> values = new HashMap<>(limits);
        values.put("token", KEY);
        Settings settings = HuggingFaceConfigs.at(upstream, values);
        assertThat(settings.toString()).doesNotContain(KEY);
        return new HuggingFaceProvider(settings, new HttpUpstream(DRAIN, MAX_ANSWER));
    }

    @Override
    protected void close(LlmProvider provider) {
        ((HuggingFaceProvider) provider).close();
    }
}
