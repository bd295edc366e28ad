package forge.ai.provider.anthropic;

import forge.ai.api.NotFoundException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.TokenCount;
import forge.ai.runtime.support.http.HttpUpstream;
import java.util.List;

/** Answers with the models of one upstream that speaks Anthropic's dialect. */
final class AnthropicProvider implements LlmProvider {

    private record Snapshot(Settings settings, MessagesClient client) {}

    private final HttpUpstream upstream;
    private volatile Snapshot snapshot;

    AnthropicProvider(Settings settings) {
        this(settings, new HttpUpstream());
    }

    /** @param upstream closed with this */
    AnthropicProvider(Settings settings, HttpUpstream upstream) {
        this.upstream = upstream;
        snapshot = snapshot(settings);
    }

    private Snapshot snapshot(Settings settings) {
        return new Snapshot(settings, new MessagesClient(upstream, settings));
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
    public TokenCount countTokens(ChatRequest request) {
        return snapshot.client().countTokens(request);
    }

    @Override
    public boolean passesThrough(String dialect) {
        return MessagesClient.passesThrough(dialect);
    }

    @Override
    public void probe() {
        Snapshot now = snapshot;
        try {
            now.client().probe();
        } catch (NotFoundException e) {
            // A server without a list of models answers all the same; then the configured list is what there is.
            if (now.settings().models().isEmpty()) {
                throw e;
            }
        }
    }
}
