package forge.ai.itest.dialects;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.catalog.AbstractModelCatalogIT;
import dev.langchain4j.model.catalog.ModelCatalog;
import dev.langchain4j.model.openai.OpenAiModelCatalog;

/** The list of models in OpenAI's dialect. */
@LangChain4jTest
class LangChain4jOpenAiCatalogIT extends AbstractModelCatalogIT {

    @Override
    protected ModelCatalog createModelCatalog() {
        return OpenAiModelCatalog.builder()
                .baseUrl(LangChain4jServer.baseUrl())
                .apiKey("any")
                .build();
    }

    @Override
    protected ModelProvider expectedProvider() {
        return ModelProvider.OPEN_AI;
    }
}
