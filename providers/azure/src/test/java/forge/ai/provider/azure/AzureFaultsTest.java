package forge.ai.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.testkit.llm.OpenAiAnswers;
import forge.ai.runtime.testkit.llm.ProviderFaultsContract;
import forge.ai.runtime.testkit.llm.VendorAnswers;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** With one region and one key; with more, see {@link RegionsTest} and {@link KeyRotationTest}. */
class AzureFaultsTest extends ProviderFaultsContract {

    @Override
    protected VendorAnswers answers() {
        return new OpenAiAnswers();
    }

    @Override
    protected String name() {
        return "azure";
    }

    @Override
    protected LlmProvider open(URI upstream, Map<String, Long> limits) {
        Map<String, Object> values = new HashMap<>(limits);
        values.put("apiKeys", new String[] {KEY});
        Settings settings = AzureConfigs.at(values, upstream);
        assertThat(settings.toString()).doesNotContain(KEY);
        return new AzureProvider(settings, new HttpUpstream(DRAIN, MAX_ANSWER));
    }

    @Override
    protected void close(LlmProvider provider) {
        ((AzureProvider) provider).close();
    }
}
