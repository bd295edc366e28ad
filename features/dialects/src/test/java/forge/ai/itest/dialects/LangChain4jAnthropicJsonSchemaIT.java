package forge.ai.itest.dialects;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceWithJsonSchemaIT;
import java.util.List;

/** Objects by JSON schema, in Anthropic's dialect. */
@LangChain4jTest
class LangChain4jAnthropicJsonSchemaIT extends AbstractAiServiceWithJsonSchemaIT {

    @Override
    protected List<ChatModel> models() {
        return List.of(LangChain4jServer.anthropic()
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .build());
    }

    @Override
    protected boolean supportsRecursion() {
        return true;
    }
}
