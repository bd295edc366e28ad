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
import forge.ai.api.llm.UsageEntry.Operation;
import forge.ai.api.monitoring.Span;
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
        Order order = order(
                Operation.CHAT,
                request.model(),
                Demand.of(request),
                request.options().timeout(),
                request.span());
        Ask<Completion> ask = (provider, model, limit, span) ->
                provider.chat(request.withModel(model).withTimeout(limit).withSpan(span));
        return order.plan().cache().covers(request.options())
                ? cached.whole(
                        CacheKey.of(request, order.plan(), routing.providers(), false), order, o -> whole(o, ask))
                : whole(order, ask);
    }

    private Completion whole(Order order, Ask<Completion> ask) {
        return calls.whole(order, ask, AnswerShape.COMPLETION);
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        Order order = order(
                Operation.CHAT,
                request.model(),
                Demand.of(request),
                request.options().timeout(),
                request.span());
        Supplier<CompletionStream> stream = () -> calls.stream(
                order,
                (provider, model, limit, span) -> provider.streamChat(
                        request.withModel(model).withTimeout(limit).withSpan(span)));
        return order.plan().cache().covers(request.options())
                ? cached.stream(CacheKey.of(request, order.plan(), routing.providers(), true), order, stream)
                : stream.get();
    }

    @Override
    public Completion complete(CompletionRequest request) {
        GenerationOptions options = request.options();
        Order order =
                order(Operation.COMPLETION, request.model(), Demand.of(request), options.timeout(), request.span());
        Ask<Completion> ask = (provider, model, limit, span) -> provider.complete(
                request.withModel(model).withOptions(within(limit, options)).withSpan(span));
        return order.plan().cache().covers(options)
                ? cached.whole(CacheKey.of(request, order.plan(), routing.providers()), order, o -> whole(o, ask))
                : whole(order, ask);
    }

    @Override
    public CompletionStream streamCompletion(CompletionRequest request) {
        GenerationOptions options = request.options();
        Order order =
                order(Operation.COMPLETION, request.model(), Demand.of(request), options.timeout(), request.span());
        Supplier<CompletionStream> stream = () -> calls.stream(
                order,
                (provider, model, limit, span) -> provider.streamCompletion(request.withModel(model)
                        .withOptions(within(limit, options))
                        .withSpan(span)));
        return order.plan().cache().covers(options)
                ? cached.stream(CacheKey.of(request, order.plan(), routing.providers()), order, stream)
                : stream.get();
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        return calls.whole(
                order(Operation.EMBEDDING, request.model(), Demand.of(request), request.timeout(), request.span()),
                new EmbeddingCall(request, routing.settings().embedParallel()),
                AnswerShape.EMBEDDINGS);
    }

    @Override
    public TokenCount countTokens(ChatRequest request) {
        try {
            return calls.whole(
                    new Order(
                            caller,
                            Optional.empty(),
                            plan(request.model()),
                            Demand.of(request),
                            request.options().timeout(),
                            request.span()),
                    (provider, model, limit, span) -> provider.countTokens(
                            request.withModel(model).withTimeout(limit).withSpan(span)),
                    AnswerShape.COUNT);
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

    private Order order(Operation operation, String model, Demand demand, Optional<Duration> timeout, Span span) {
        return new Order(caller, Optional.of(operation), plan(model), demand, timeout, span);
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
