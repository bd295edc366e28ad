package forge.ai.itest.dialects;

import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import java.util.List;

/** What listeners hear of chats in Anthropic's dialect; the failure is that of a model that nobody has. */
@LangChain4jTest
class LangChain4jAnthropicListenersIT extends AbstractChatModelListenerIT {

    @Override
    protected ChatModel createModel(ChatModelListener listener) {
        return LangChain4jServer.anthropic()
                .temperature(temperature())
                .topP(topP())
                .maxTokens(maxTokens())
                .listeners(List.of(listener))
                .build();
    }

    @Override
    protected String modelName() {
        return LangChain4jServer.MODEL;
    }

    @Override
    protected ChatModel createFailingModel(ChatModelListener listener) {
        return LangChain4jServer.anthropic()
                .modelName("nobody/m")
                .maxRetries(0)
                .listeners(List.of(listener))
                .build();
    }

    @Override
    protected Class<? extends Exception> expectedExceptionClass() {
        return ModelNotFoundException.class;
    }
}
