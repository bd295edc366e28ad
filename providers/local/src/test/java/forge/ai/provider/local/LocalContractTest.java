package forge.ai.provider.local;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.api.model.ModelRegistry;
import forge.ai.runtime.support.lease.LeaseRouter;
import forge.ai.runtime.testkit.llm.LlmProviderContract;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** With the real models; what goes on upstream is the computation. */
class LocalContractTest extends LlmProviderContract {

    private static final GenerationOptions AT_MOST_24 =
            GenerationOptions.builder().maxTokens(24).build();

    private OnnxEngine engine;
    private LocalProvider provider;
    private JsonNode example;

    @BeforeEach
    void start() throws Exception {
        Path models = ModelFixtures.folder("hf");
        engine = new OnnxEngine();
        for (String model : List.of("tiny-gpt", "tiny-embedding")) {
            engine.add(model, models.resolve(model));
        }
        example = HubFiles.json(models.resolve("tiny-gpt/expected.json"))
                .get("cases")
                .get(0);
        LeaseRouter<ModelRegistry> registries = new LeaseRouter<>();
        registries.add(engine, Map.of());
        LeaseRouter<InferenceService> engines = new LeaseRouter<>();
        engines.add(engine, Map.of());
        provider = new LocalProvider(registries, engines, () -> new Limits(8, 2048, 512, 64, 8));
    }

    @AfterEach
    void close() throws Exception {
        if (engine != null) {
            provider.close();
            engine.close();
        }
    }

    @Override
    protected LlmProvider provider() {
        return provider;
    }

    @Override
    protected ChatRequest chat() {
        return ChatRequest.of("tiny-gpt", Message.user(example.get("prompt").textValue()))
                .withOptions(AT_MOST_24);
    }

    @Override
    protected String answer() {
        return example.get("text").textValue();
    }

    @Override
    protected Optional<CompletionRequest> completion() {
        return Optional.of(CompletionRequest.of("tiny-gpt", "Once upon a").withOptions(AT_MOST_24));
    }

    @Override
    protected Optional<EmbeddingRequest> embedding() {
        return Optional.of(EmbeddingRequest.of("tiny-embedding", "a dog", "the weather is fine"));
    }

    @Override
    protected void hang() {
        engine.hangs = true;
    }

    @Override
    protected int busy() {
        return engine.leases.get();
    }

    @Override
    protected void stop() {
        provider.close();
    }
}
