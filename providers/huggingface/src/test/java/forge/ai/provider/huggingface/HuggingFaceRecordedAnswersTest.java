package forge.ai.provider.huggingface;

import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.testkit.llm.OpenAiRecordedAnswersContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** What the router has answered, sent again over HTTP. */
class HuggingFaceRecordedAnswersTest extends OpenAiRecordedAnswersContract {

    private final HuggingFaceProvider provider =
            new HuggingFaceProvider(HuggingFaceConfigs.at(upstream.uri(), Map.of()));

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
        return "huggingface";
    }

    @Override
    protected String[] folders() {
        return new String[] {"huggingface/chat"};
    }

    /** None is recorded. */
    @Override
    protected String[] vectorFolders() {
        return new String[0];
    }
}
