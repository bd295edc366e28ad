package forge.ai.provider.azure;

import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.testkit.llm.OpenAiRecordedAnswersContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** What Azure has answered, sent again over HTTP. */
class AzureRecordedAnswersTest extends OpenAiRecordedAnswersContract {

    private final AzureProvider provider = new AzureProvider(AzureConfigs.at(Map.of(), upstream.uri()));

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
        return new String[] {"azure/chat"};
    }

    @Override
    protected String[] vectorFolders() {
        return new String[] {"azure/embeddings"};
    }
}
