package forge.ai.provider.azure;

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
import forge.ai.runtime.support.attempt.AttemptedCall;
import forge.ai.runtime.support.attempt.AttemptedStream;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.openai.OpenAiClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers with the deployments of Azure OpenAI, in the healthiest of its regions. */
final class AzureProvider implements LlmProvider {

    private final HttpUpstream upstream;
    private volatile Regions regions;

    AzureProvider(Settings settings) {
        this(settings, new HttpUpstream());
    }

    /** @param upstream closed with this */
    AzureProvider(Settings settings, HttpUpstream upstream) {
        this.upstream = upstream;
        regions = Regions.of(settings, upstream, System::nanoTime);
    }

    /** Calls from now on go by these; those in flight end as they began. What is known of regions that stay is kept. */
    void use(Settings settings) {
        regions = regions.with(settings);
        upstream.dropIdle();
    }

    /** Waits, bounded, for the calls in flight and frees connections and threads. */
    void close() {
        upstream.close();
    }

    @Override
    public List<LlmModel> models() {
        Regions now = regions;
        List<LlmModel> configured =
                now.settings().deployments().keySet().stream().map(LlmModel::of).toList();
        return configured.isEmpty() ? listed(now) : configured;
    }

    private static List<LlmModel> listed(Regions now) {
        Duration limit = now.settings().limits().firstToken();
        return AttemptedCall.of(
                now.attempts("", Optional.empty(), limit),
                access -> now.client(access).models());
    }

    @Override
    public Completion chat(ChatRequest request) {
        return whole(request.model(), request.options().timeout(), deployment -> {
            ChatRequest named = request.withModel(deployment);
            return client -> client.chat(named);
        });
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        return stream(request.model(), request.options().timeout(), deployment -> {
            ChatRequest named = request.withModel(deployment);
            return client -> client.streamChat(named);
        });
    }

    @Override
    public Completion complete(CompletionRequest request) {
        return whole(request.model(), request.options().timeout(), deployment -> {
            CompletionRequest named = request.withModel(deployment);
            return client -> client.complete(named);
        });
    }

    @Override
    public CompletionStream streamCompletion(CompletionRequest request) {
        return stream(request.model(), request.options().timeout(), deployment -> {
            CompletionRequest named = request.withModel(deployment);
            return client -> client.streamCompletion(named);
        });
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        return whole(request.model(), request.timeout(), deployment -> {
            EmbeddingRequest named = request.withModel(deployment);
            return client -> client.embed(named);
        });
    }

    @Override
    public EmbeddingLimits embeddingLimits(String model) {
        return regions.settings().embeddingLimits();
    }

    @Override
    public boolean passesThrough(String dialect) {
        return regions.settings().dialect().passesThrough(dialect);
    }

    private <T> T whole(String model, Optional<Duration> timeout, Function<String, Function<OpenAiClient, T>> calls) {
        Regions now = regions;
        String deployment = now.deployment(model);
        Function<OpenAiClient, T> call = calls.apply(deployment);
        return AttemptedCall.of(
                now.attempts(deployment, timeout, now.settings().limits().request()),
                access -> call.apply(now.client(access, deployment)));
    }

    private CompletionStream stream(
            String model,
            Optional<Duration> timeout,
            Function<String, Function<OpenAiClient, CompletionStream>> calls) {
        Regions now = regions;
        String deployment = now.deployment(model);
        Function<OpenAiClient, CompletionStream> call = calls.apply(deployment);
        return new AttemptedStream<>(
                now.attempts(deployment, timeout, now.settings().limits().firstToken()),
                access -> call.apply(now.client(access, deployment)));
    }

    @Override
    public void probe() {
        Regions now = regions;
        try {
            listed(now);
        } catch (NotFoundException e) {
            // A gateway without a list of models answers all the same; then the configured list is what there is.
            if (now.settings().deployments().isEmpty()) {
                throw e;
            }
        }
    }
}
