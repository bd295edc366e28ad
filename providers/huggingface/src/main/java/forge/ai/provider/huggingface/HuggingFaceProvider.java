package forge.ai.provider.huggingface;

import forge.ai.api.ErrorDetails;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingLimits;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.support.attempt.AttemptedCall;
import forge.ai.runtime.support.attempt.AttemptedStream;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.openai.OpenAiClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Answers with models behind Hugging Face's router and with those in dedicated endpoints; waits for those that load. */
final class HuggingFaceProvider implements LlmProvider {

    private final HttpUpstream upstream;
    private volatile Hub hub;

    HuggingFaceProvider(Settings settings) {
        this(settings, new HttpUpstream());
    }

    /** @param upstream closed with this */
    HuggingFaceProvider(Settings settings, HttpUpstream upstream) {
        this.upstream = upstream;
        hub = new Hub(settings, upstream);
    }

    /** Calls from now on go by these; those in flight end as they began. */
    void use(Settings settings) {
        hub = new Hub(settings, upstream);
        upstream.dropIdle();
    }

    /** Waits, bounded, for the calls in flight and frees connections and threads. */
    void close() {
        upstream.close();
    }

    /** Those with endpoints of their own first. */
    @Override
    public List<LlmModel> models() {
        Hub now = hub;
        List<LlmModel> shared = now.settings().models();
        return Stream.concat(
                        now.settings().endpoints().keySet().stream().map(LlmModel::of),
                        (shared.isEmpty() ? now.router(Duration.ZERO).models() : shared).stream())
                .toList();
    }

    @Override
    public Completion chat(ChatRequest request) {
        return whole(
                request.options().timeout(),
                now -> left -> now.client(request.model(), left).chat(request));
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        Hub now = hub;
        return stream(
                now,
                request.options().timeout(),
                left -> now.client(request.model(), left).streamChat(request));
    }

    @Override
    public Completion complete(CompletionRequest request) {
        return whole(request.options().timeout(), now -> {
            requireCompletions(now, request.model());
            return left -> now.client(request.model(), left).complete(request);
        });
    }

    @Override
    public CompletionStream streamCompletion(CompletionRequest request) {
        Hub now = hub;
        requireCompletions(now, request.model());
        return stream(
                now,
                request.options().timeout(),
                left -> now.client(request.model(), left).streamCompletion(request));
    }

    private static void requireCompletions(Hub now, String model) {
        if (!now.dedicated(model)) {
            String name = now.settings().name();
            throw new UnsupportedException(
                    name + ": the router has no plain completions, dedicated endpoints have",
                    ErrorDetails.ofProvider(name));
        }
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        return whole(request.timeout(), now -> left -> now.embed(request, left));
    }

    @Override
    public EmbeddingLimits embeddingLimits(String model) {
        return hub.settings().embeddingLimits();
    }

    @Override
    public boolean passesThrough(String dialect) {
        return OpenAiClient.passesThrough(dialect);
    }

    private <T> T whole(Optional<Duration> timeout, Function<Hub, Function<Duration, T>> calls) {
        Hub now = hub;
        Duration limit = now.settings().limits().request();
        return AttemptedCall.of(new LoadingAttempts(shorter(timeout, limit)), calls.apply(now));
    }

    private static CompletionStream stream(
            Hub now, Optional<Duration> timeout, Function<Duration, CompletionStream> call) {
        Duration limit = now.settings().limits().firstToken();
        return new AttemptedStream<>(new LoadingAttempts(shorter(timeout, limit)), call);
    }

    private static Duration shorter(Optional<Duration> asked, Duration limit) {
        return asked.filter(a -> limit.isZero() || a.compareTo(limit) < 0).orElse(limit);
    }

    @Override
    public void probe() {
        hub.router(Duration.ZERO).models();
    }
}
