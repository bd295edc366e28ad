package forge.ai.itest.dialects;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceWithToolsIT;
import java.util.List;

/** Tools of Java methods, in Anthropic's dialect. */
@LangChain4jTest
class LangChain4jAnthropicToolsIT extends AbstractAiServiceWithToolsIT {

    @Override
    protected List<ChatModel> models() {
        return List.of(LangChain4jServer.anthropic().build());
    }

    @Override
    protected boolean supportsRecursion() {
        return true;
    }

    @Override
    protected boolean verifyModelInteractions() {
        return true;
    }

    @Override
    protected boolean supportsMultimodalToolResults() {
        return true;
    }

    /** One that needs no network. */
    @Override
    protected Image catImage() {
        return LangChain4jServer.cat();
    }
}
