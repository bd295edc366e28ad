package forge.ai.itest.dialects;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceWithToolsIT;
import java.util.List;

/** Tools of Java methods, in OpenAI's dialect; this client sends no pictures as results of tools. */
@LangChain4jTest
class LangChain4jOpenAiToolsIT extends AbstractAiServiceWithToolsIT {

    @Override
    protected List<ChatModel> models() {
        return List.of(
                LangChain4jServer.openAi().build(),
                LangChain4jServer.openAi().strictTools(true).build());
    }

    @Override
    protected boolean supportsRecursion() {
        return true;
    }

    @Override
    protected boolean verifyModelInteractions() {
        return true;
    }

    /** One that needs no network. */
    @Override
    protected Image catImage() {
        return LangChain4jServer.cat();
    }
}
