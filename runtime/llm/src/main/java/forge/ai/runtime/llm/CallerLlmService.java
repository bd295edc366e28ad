package forge.ai.runtime.llm;

import forge.ai.api.NotFoundException;
import forge.ai.api.PermissionException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.ProviderStatus;
import forge.ai.api.llm.Route;
import forge.ai.api.llm.TokenCount;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The service in the name of one caller: resolves the model's name to a plan and has it carried out. */
final class CallerLlmService implements LlmService {

    private final Caller caller;
    private final Routing routing;
    private final Calls calls;
    private final CachedCalls cached;
    private final ModelCatalog catalog;

    CallerLlmService(Caller caller, Routing routing, Calls calls, CachedCalls cached, ModelCatalog catalog) {
        this.caller = caller;
        this.routing = routing;
        this.calls = calls;
        this.cached = cached;
        this.catalog = catalog;
    }

    @Override
    public LlmService as(Caller other) {
        return new CallerLlmService(other, routing, calls, cached, catalog);
    }

    @Override
    public Completion chat(ChatRequest request) {
        RoutePlan plan = plan(request.model());
        Demand demand = Demand.of(request);
        Optional<Duration> timeout = request.options().timeout();
        Ask<Completion> ask = (provider, model, limit) ->
                provider.chat(request.withModel(model).withTimeout(limit));
        if (!plan.cache().covers(request.options())) {
            return whole(plan, demand, timeout, ask);
        }
        CacheKey key = CacheKey.of(request, plan, routing.providers(), false);
        return cached.whole(key, plan, demand, timeout, left -> whole(plan, demand, left, ask));
    }

    private Completion whole(RoutePlan plan, Demand demand, Optional<Duration> timeout, Ask<Completion> ask) {
        return calls.whole(plan, demand, timeout, ask, Completion::withAttribution);
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        RoutePlan plan = plan(request.model());
        Demand demand = Demand.of(request);
        Ask<CompletionStream> ask = (provider, model, limit) ->
                provider.streamChat(request.withModel(model).withTimeout(limit));
        Supplier<CompletionStream> stream =
                () -> calls.stream(plan, demand, request.options().timeout(), ask);
        return plan.cache().covers(request.options())
                ? cached.stream(CacheKey.of(request, plan, routing.providers(), true), plan, demand, stream)
                : stream.get();
    }

    @Override
    public Completion complete(CompletionRequest request) {
        RoutePlan plan = plan(request.model());
        Demand demand = Demand.of(request);
        GenerationOptions options = request.options();
        Ask<Completion> ask = (provider, model, limit) ->
                provider.complete(request.withModel(model).withOptions(within(limit, options)));
        if (!plan.cache().covers(options)) {
            return whole(plan, demand, options.timeout(), ask);
        }
        CacheKey key = CacheKey.of(request, plan, routing.providers());
        return cached.whole(key, plan, demand, options.timeout(), left -> whole(plan, demand, left, ask));
    }

    @Override
    public CompletionStream streamCompletion(CompletionRequest request) {
        RoutePlan plan = plan(request.model());
        Demand demand = Demand.of(request);
        GenerationOptions options = request.options();
        Ask<CompletionStream> ask = (provider, model, limit) ->
                provider.streamCompletion(request.withModel(model).withOptions(within(limit, options)));
        Supplier<CompletionStream> stream = () -> calls.stream(plan, demand, options.timeout(), ask);
        return plan.cache().covers(options)
                ? cached.stream(CacheKey.of(request, plan, routing.providers()), plan, demand, stream)
                : stream.get();
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        return calls.whole(
                plan(request.model()),
                Demand.of(request),
                request.timeout(),
                new EmbeddingCall(request, routing.settings().embedParallel()),
                Embeddings::withAttribution);
    }

    @Override
    public TokenCount countTokens(ChatRequest request) {
        try {
            return calls.whole(
                    plan(request.model()),
                    Demand.of(request),
                    request.options().timeout(),
                    (provider, model, limit) ->
                            provider.countTokens(request.withModel(model).withTimeout(limit)),
                    (count, attribution) -> count);
        } catch (UnsupportedException e) {
            return new TokenCount(Demand.of(request).inputTokens(), false);
        }
    }

    @Override
    public List<LlmModel> models() {
        return catalog.list().stream()
                .filter(model -> caller.mayUse(model.id()))
                .toList();
    }

    @Override
    public List<ProviderStatus> providers() {
        return routing.providers().statuses();
    }

    @Override
    public List<Route> routes() {
        return routing.routes().list();
    }

    private static GenerationOptions within(Duration limit, GenerationOptions options) {
        return options.toBuilder().timeout(limit).build();
    }

    private RoutePlan plan(String model) {
        if (!caller.mayUse(model)) {
            throw new PermissionException("the key '" + caller.name() + "' may not use '" + model + "'; it may use: "
                    + String.join(", ", caller.models()));
        }
        return routing.routes().plan(model).orElseGet(() -> direct(model));
    }

    private RoutePlan direct(String model) {
        int slash = model.indexOf('/');
        if (slash < 1 || slash == model.length() - 1) {
            List<String> names =
                    routing.routes().list().stream().map(Route::name).toList();
            throw new NotFoundException("no route '" + model + "'; "
                    + (names.isEmpty() ? "there are none" : "there are: " + String.join(", ", names))
                    + "; a model is addressed as provider/model");
        }
        return RoutePlan.direct(Target.of(model.substring(0, slash), model.substring(slash + 1)), routing.settings());
    }
}
