package forge.ai.itest.dialects;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import java.util.List;

/** Embeddings in OpenAI's dialect; Anthropic has none. */
@LangChain4jTest
class LangChain4jEmbeddingsIT extends AbstractEmbeddingModelIT {

    @Override
    protected List<EmbeddingModel> models() {
        return List.of(LangChain4jServer.openAiEmbeddings().build());
    }

    @Override
    protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
        return LangChain4jServer.openAiEmbeddings().listeners(List.of(listener)).build();
    }

    @Override
    protected EmbeddingModel failingModelWith(EmbeddingModelListener listener) {
        return LangChain4jServer.openAiEmbeddings()
                .modelName("nobody/m")
                .maxRetries(0)
                .listeners(List.of(listener))
                .build();
    }

    /** OpenAI's API knows no kinds of input. */
    @Override
    protected boolean supportsInputTypeParameter() {
        return false;
    }

    /** OpenAI's API embeds texts alone. */
    @Override
    protected boolean supportsImageInput() {
        return false;
    }
}
