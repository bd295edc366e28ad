package forge.ai.itest.dialects;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.anthropic.AnthropicModelCatalog;
import dev.langchain4j.model.catalog.AbstractModelCatalogIT;
import dev.langchain4j.model.catalog.ModelCatalog;

/** The list of models in Anthropic's dialect. */
@LangChain4jTest
class LangChain4jAnthropicCatalogIT extends AbstractModelCatalogIT {

    @Override
    protected ModelCatalog createModelCatalog() {
        return AnthropicModelCatalog.builder()
                .baseUrl(LangChain4jServer.baseUrl())
                .apiKey("any")
                .build();
    }

    @Override
    protected ModelProvider expectedProvider() {
        return ModelProvider.ANTHROPIC;
    }
}
