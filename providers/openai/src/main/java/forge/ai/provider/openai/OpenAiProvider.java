package forge.ai.provider.openai;

import forge.ai.api.NotFoundException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingLimits;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.openai.OpenAiClient;
import java.util.List;

/** Answers with the models of one upstream that speaks OpenAI's dialect. */
final class OpenAiProvider implements LlmProvider {

    private record Snapshot(Settings settings, OpenAiClient client) {}

    private final HttpUpstream upstream;
    private volatile Snapshot snapshot;

    OpenAiProvider(Settings settings) {
        this(settings, new HttpUpstream());
    }

    /** @param upstream closed with this */
    OpenAiProvider(Settings settings, HttpUpstream upstream) {
        this.upstream = upstream;
        snapshot = snapshot(settings);
    }

    private Snapshot snapshot(Settings settings) {
        return new Snapshot(settings, new OpenAiClient(upstream, settings.endpoint(), settings.dialect()));
    }

    /** Calls from now on go by these; those in flight end as they began. */
    void use(Settings settings) {
        snapshot = snapshot(settings);
        upstream.dropIdle();
    }

    /** Waits, bounded, for the calls in flight and frees connections and threads. */
    void close() {
        upstream.close();
    }

    @Override
    public List<LlmModel> models() {
        Snapshot now = snapshot;
        return now.settings().models().isEmpty()
                ? now.client().models()
                : now.settings().models();
    }

    @Override
    public Completion chat(ChatRequest request) {
        return snapshot.client().chat(request);
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        return snapshot.client().streamChat(request);
    }

    @Override
    public Completion complete(CompletionRequest request) {
        return snapshot.client().complete(request);
    }

    @Override
    public CompletionStream streamCompletion(CompletionRequest request) {
        return snapshot.client().streamCompletion(request);
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        return snapshot.client().embed(request);
    }

    @Override
    public EmbeddingLimits embeddingLimits(String model) {
        return snapshot.settings().embeddingLimits();
    }

    @Override
    public boolean passesThrough(String dialect) {
        return snapshot.settings().dialect().passesThrough(dialect);
    }

    @Override
    public void probe() {
        Snapshot now = snapshot;
        try {
            now.client().models();
        } catch (NotFoundException e) {
            // A server without a list of models answers all the same; then the configured list is what there is.
            if (now.settings().models().isEmpty()) {
                throw e;
            }
        }
    }
}
