package forge.ai.provider.ollama;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.ModelCard;
import forge.ai.api.llm.ModelLibrary;
import forge.ai.api.llm.PullProgress;
import forge.ai.runtime.support.http.HttpUpstream;
import java.util.List;
import java.util.function.Consumer;

/** Answers with the models of one Ollama, and keeps them. */
final class OllamaProvider implements LlmProvider, ModelLibrary {

    private record Snapshot(OllamaClient client, LibraryClient library) {}

    private final HttpUpstream upstream;
    private volatile Snapshot snapshot;

    OllamaProvider(Settings settings) {
        this(settings, new HttpUpstream());
    }

    /** @param upstream closed with this */
    OllamaProvider(Settings settings, HttpUpstream upstream) {
        this.upstream = upstream;
        snapshot = snapshot(settings);
    }

    private Snapshot snapshot(Settings settings) {
        return new Snapshot(new OllamaClient(upstream, settings), new LibraryClient(upstream, settings.endpoint()));
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
        return snapshot.library().models();
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
    public boolean passesThrough(String dialect) {
        return OllamaClient.passesThrough(dialect);
    }

    @Override
    public void probe() {
        snapshot.library().probe();
    }

    @Override
    public ModelCard show(String model) {
        return snapshot.library().show(model);
    }

    @Override
    public void pull(String model, Consumer<PullProgress> listener) {
        snapshot.library().pull(model, listener);
    }

    @Override
    public void delete(String model) {
        snapshot.library().delete(model);
    }
}
