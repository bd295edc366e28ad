package forge.ai.itest.dialects;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** The server with {@link ScriptedModel} behind it, one for all tests of this kind, and LangChain4j's clients for it. */
public final class LangChain4jServer implements BeforeAllCallback {

    static final String MODEL = "scripted/m";

    /** A route, so that the model's own name is the one it is asked by, as at a vendor. */
    static final String OTHER_MODEL = "other";

    private static volatile String address;

    /** Keeps the server until the last test is through. */
    private record Running(Crossing crossing) implements AutoCloseable {

        static Running start() {
            try {
                Path folder = Files.createTempDirectory(Path.of("target"), "langchain4j");
                Crossing crossing = new Crossing(folder);
                crossing.provide("scripted", new ScriptedModel());
                crossing.route(OTHER_MODEL, "scripted/other");
                address = crossing.address().toString();
                return new Running(crossing);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws Exception {
            crossing.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(Namespace.create(LangChain4jServer.class))
                .getOrComputeIfAbsent(Running.class, key -> Running.start());
    }

    static String baseUrl() {
        return address + "/v1";
    }

    static OpenAiChatModel.OpenAiChatModelBuilder openAi() {
        return OpenAiChatModel.builder().baseUrl(baseUrl()).apiKey("any").modelName(MODEL);
    }

    static OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder openAiStreaming() {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(baseUrl())
                .apiKey("any")
                .modelName(MODEL);
    }

    static OpenAiEmbeddingModel.OpenAiEmbeddingModelBuilder openAiEmbeddings() {
        return OpenAiEmbeddingModel.builder().baseUrl(baseUrl()).apiKey("any").modelName(MODEL);
    }

    static AnthropicChatModel.AnthropicChatModelBuilder anthropic() {
        return AnthropicChatModel.builder().baseUrl(baseUrl()).apiKey("any").modelName(MODEL);
    }

    static AnthropicStreamingChatModel.AnthropicStreamingChatModelBuilder anthropicStreaming() {
        return AnthropicStreamingChatModel.builder()
                .baseUrl(baseUrl())
                .apiKey("any")
                .modelName(MODEL);
    }

    static Image cat() {
        return Image.builder()
                .base64Data(Pictures.base64("cat"))
                .mimeType("image/jpeg")
                .build();
    }
}
