package forge.ai.itest.dialects;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceWithJsonSchemaIT;
import java.util.List;

/** Objects by JSON schema, in OpenAI's dialect. */
@LangChain4jTest
class LangChain4jOpenAiJsonSchemaIT extends AbstractAiServiceWithJsonSchemaIT {

    private static ChatModel model(boolean strict) {
        return LangChain4jServer.openAi()
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .strictJsonSchema(strict)
                .build();
    }

    @Override
    protected List<ChatModel> models() {
        return List.of(model(true), model(false));
    }

    @Override
    protected boolean supportsRecursion() {
        return true;
    }
}
