package forge.ai.provider.local;

import forge.ai.api.ContextLengthException;
import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelStatus;
import forge.ai.provider.local.HubFiles.Task;
import forge.ai.runtime.support.lease.CallGate;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers with the causal language models and embedding models of the repository. */
final class LocalProvider implements LlmProvider {

    /** The longest wait for calls in flight; as long as whoever calls the provider waits for it. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final LeaseRouter<ModelRegistry> registries;
    private final LeaseRouter<InferenceService> engines;
    private final Supplier<Limits> limits;
    private final Computation computation;
    private final ServedModels served;
    private final CallGate calls = new CallGate();
    private volatile GenerationMeters meters = GenerationMeters.NONE;

    LocalProvider(
            LeaseRouter<ModelRegistry> registries, LeaseRouter<InferenceService> engines, Supplier<Limits> limits) {
        this.registries = registries;
        this.engines = engines;
        this.limits = limits;
        this.computation = new Computation(engines);
        this.served = new ServedModels(this::open);
    }

    @Override
    public List<LlmModel> models() {
        try (Lease<ModelRegistry> registry =
                registries.acquire().orElseThrow(() -> new UnavailableException("there is no model registry"))) {
            return LocalModels.of(registry.service().models());
        }
    }

    @Override
    public void probe() {
        if (registries.services().isEmpty() || engines.services().isEmpty()) {
            throw new UnavailableException("there is no model registry or no inference service");
        }
    }

    @Override
    public Completion chat(ChatRequest request) {
        return Completion.of(
                start(request.model(), files -> ChatPrompt.of(request, files.chat()), request.options(), true));
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        return start(request.model(), files -> ChatPrompt.of(request, files.chat()), request.options(), false);
    }

    @Override
    public Completion complete(CompletionRequest request) {
        return Completion.of(start(request.model(), files -> Prompt.plain(request.prompt()), request.options(), true));
    }

    @Override
    public CompletionStream streamCompletion(CompletionRequest request) {
        return start(request.model(), files -> Prompt.plain(request.prompt()), request.options(), false);
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        if (request.inputs().isEmpty()) {
            throw new InvalidRequestException("there is no input", ErrorDetails.NONE.withParameter("input"));
        }
        try (ModelUse use = use(request.model(), Task.EMBEDDING)) {
            return new TextEmbedding(computation).embed(request, use.model(), use.hold());
        }
    }

    /** What is measured with from now on. */
    void meters(GenerationMeters value) {
        meters = value;
    }

    /** Lets go of a version that is no longer served. */
    void dropped(String model, long version) {
        served.drop(model, version);
    }

    /** Takes no more calls, waits, bounded, until all are through, ends those that are not, and gives back all memory. */
    void close() {
        calls.close();
        if (!calls.awaitIdle(DRAIN)) {
            served.all().forEach(ServedModel::cancelAll);
        }
        served.clear();
    }

    private CompletionStream start(
            String model, Function<HubFiles, Prompt> prompt, GenerationOptions options, boolean whole) {
        long now = System.nanoTime();
        ModelUse use = use(model, Task.GENERATION);
        try {
            ContinuousBatch batch = use.model().batch(use.hold().model().signature());
            HubFiles files = use.model().files();
            int window = Math.min(files.contextTokens(), batch.mostTokens());
            Prompt text = prompt.apply(files);
            int[] tokens = tokens(text, use.model(), window);
            int room = window - tokens.length;
            int wanted = options.maxTokens().orElse(Integer.MAX_VALUE);
            int most = Math.min(room, Math.min(wanted, limits.get().maxTokens()));
            Sequence sequence = new Sequence(use.model().generation(text, tokens, most, options), use);
            batch.add(sequence);
            OptionalLong deadline = options.timeout()
                    .map(limit -> OptionalLong.of(now + limit.toNanos()))
                    .orElseGet(OptionalLong::empty);
            SequenceStream stream = new SequenceStream(model, sequence, () -> batch.cancel(sequence), deadline, whole);
            return new MeasuredStream(stream, model, meters, now);
        } catch (RuntimeException e) {
            use.close();
            throw e;
        }
    }

    private static int[] tokens(Prompt prompt, ServedModel model, int window) {
        HubFiles files = model.files();
        int[] tokens = model.tokenizer().encode(prompt.text(), prompt.wrapped());
        if (tokens.length == 0) {
            tokens = new int[] {
                files.beginToken()
                        .orElseThrow(() -> new InvalidRequestException(
                                "the prompt is empty", ErrorDetails.NONE.withParameter("prompt")))
            };
        }
        if (tokens.length >= window) {
            throw new ContextLengthException(
                    "the prompt has %d tokens; the context window of the model has %d, of which "
                                    .formatted(tokens.length, window)
                            + "at least one is needed for the answer");
        }
        return tokens;
    }

    private ModelUse use(String name, Task task) {
        if (!calls.enter()) {
            throw new UnavailableException("the provider is being stopped");
        }
        ModelUse use;
        try {
            use = ModelUse.of(VersionHold.on(registries, name), served, calls::leave);
        } catch (RuntimeException e) {
            calls.leave();
            throw e;
        }
        if (use.model().files().task() != task) {
            use.close();
            throw new UnsupportedException("model " + name
                    + switch (task) {
                        case GENERATION -> " gives embeddings and cannot generate text";
                        case EMBEDDING -> " generates text and gives no embeddings";
                    });
        }
        return use;
    }

    private ContinuousBatch.Step step(ModelSignature signature, HubFiles files, Path folder) {
        Optional<CacheLayout> layout = CacheLayout.of(signature, files.heads());
        if (layout.isPresent()) {
            return new CachedStep(layout.get(), signature, HubFiles.weights(folder), limits);
        }
        return new CausalStep(computation, signature);
    }

    private ServedModel open(ModelStatus status, HubFiles files) {
        HubTokenizer tokenizer = new HubTokenizer(status.folder().resolve(HubFiles.TOKENIZER));
        return new ServedModel(
                files,
                tokenizer,
                signature -> new ContinuousBatch(
                        status.name(),
                        step(signature, files, status.folder()),
                        () -> limits.get().maxSequences()));
    }
}
