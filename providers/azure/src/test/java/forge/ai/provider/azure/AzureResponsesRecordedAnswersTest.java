package forge.ai.provider.azure;

import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.testkit.llm.ResponsesRecordedAnswersContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** What the Responses of Azure have answered, sent again over HTTP. */
class AzureResponsesRecordedAnswersTest extends ResponsesRecordedAnswersContract {

    private final AzureProvider provider =
            new AzureProvider(AzureConfigs.at(Map.of("api", "responses"), upstream.uri()));

    @AfterAll
    void close() {
        provider.close();
    }

    @Override
    protected LlmProvider provider() {
        return provider;
    }

    @Override
    protected String name() {
        return "azure";
    }

    @Override
    protected String[] folders() {
        return new String[] {"azure/responses", "azure/responses-raw"};
    }
}
