package forge.ai.provider.openai;

import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.llm.ResponsesRecordedAnswersContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** What the Responses of OpenAI and of servers compatible with it have answered, sent again over HTTP. */
class ResponsesRecordedAnswersTest extends ResponsesRecordedAnswersContract {

    private final OpenAiProvider provider = new OpenAiProvider(Settings.of(Configs.of(
            OpenAiProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString(), "api", "responses"))));

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
        return new String[] {"openai/responses", "openai/responses-raw"};
    }
}
