package forge.ai.itest.dialects;

import dev.langchain4j.model.anthropic.AnthropicChatRequestParameters;
import dev.langchain4j.model.anthropic.AnthropicChatResponseMetadata;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;

/** Chats in Anthropic's dialect. */
@LangChain4jTest
class LangChain4jAnthropicChatIT extends AbstractChatModelIT {

    @Override
    protected List<ChatModel> models() {
        return List.of(LangChain4jServer.anthropic().build());
    }

    @Override
    protected ChatModel createModelWith(ChatRequestParameters parameters) {
        return LangChain4jServer.anthropic()
                .modelName(parameters.modelName() == null ? LangChain4jServer.MODEL : parameters.modelName())
                .defaultRequestParameters(parameters)
                .build();
    }

    @Override
    protected String customModelName() {
        return LangChain4jServer.OTHER_MODEL;
    }

    @Override
    protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
        return AnthropicChatRequestParameters.builder()
                .maxOutputTokens(maxOutputTokens)
                .build();
    }

    @Override
    protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(ChatModel model) {
        return AnthropicChatResponseMetadata.class;
    }

    @Override
    protected Class<? extends TokenUsage> tokenUsageType(ChatModel model) {
        return AnthropicTokenUsage.class;
    }

    /** Anthropic's API knows no JSON without a schema, and this client says so itself. */
    @Override
    protected boolean supportsJsonResponseFormat() {
        return false;
    }
}
