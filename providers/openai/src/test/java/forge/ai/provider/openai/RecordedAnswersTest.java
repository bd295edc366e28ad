package forge.ai.provider.openai;

import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.llm.OpenAiRecordedAnswersContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** What OpenAI and servers compatible with it have answered, sent again over HTTP. */
class RecordedAnswersTest extends OpenAiRecordedAnswersContract {

    private final OpenAiProvider provider = new OpenAiProvider(Settings.of(Configs.of(
            OpenAiProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString()))));

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
        return "openai";
    }

    @Override
    protected String[] folders() {
        return new String[] {"openai/chat", "openai/chat-raw", "openai/completions", "ollama/chat"};
    }

    @Override
    protected String[] vectorFolders() {
        return new String[] {"openai/embeddings"};
    }
}
