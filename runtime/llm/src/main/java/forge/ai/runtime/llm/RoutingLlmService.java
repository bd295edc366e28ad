package forge.ai.runtime.llm;

import forge.ai.api.llm.Caller;
import forge.ai.api.llm.Callers;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.ProviderStatus;
import forge.ai.api.llm.Route;
import forge.ai.api.llm.TokenCount;
import forge.ai.api.llm.UsageLedger;
import forge.ai.api.monitoring.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one front of all providers: resolves the model's name to a plan and has it carried out. */
@Component(service = LlmService.class, immediate = true, configurationPid = "forge.ai.runtime.llm")
@Designate(ocd = RoutingLlmService.Config.class)
public final class RoutingLlmService implements LlmService {

    private static final Logger LOG = LoggerFactory.getLogger(RoutingLlmService.class);

    /** How long calls in flight have when the service itself is stopped; those who lease it have waited before. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    @ObjectClassDefinition(name = "LLM service", description = "The front of all providers of language models")
    public @interface Config {
        @AttributeDefinition(description = "the most attempts for one call to provider/model")
        int attempts() default 3;

        @AttributeDefinition(
                description = "the longest time for a call to provider/model; of a stream, until its first piece")
        long deadlineMillis() default 600_000;

        @AttributeDefinition(description = "the longest gap between two pieces of a stream")
        long idleMillis() default 300_000;

        @AttributeDefinition(description = "a stream that nobody reads for so long is closed")
        long abandonedMillis() default 120_000;

        @AttributeDefinition(
                description = "the first pause before a retry is at most so long, each further one twice that")
        long backoffMillis() default 250;

        @AttributeDefinition(description = "no pause before a retry is longer")
        long backoffMaxMillis() default 8_000;

        @AttributeDefinition(description = "a Retry-After beyond this is not waited for but given to the caller")
        long longestWaitMillis() default 30_000;

        @AttributeDefinition(description = "retries per 100 calls to a provider; one a second is always allowed")
        int retryPercent() default 20;

        @AttributeDefinition(
                description = "a target is left out after so many failures in a row, or half of the last 20")
        int ejectAfter() default 5;

        @AttributeDefinition(description = "how long it is left out before a call tries it again; doubles each time")
        long ejectMillis() default 5_000;

        @AttributeDefinition(description = "at most so long")
        long ejectMaxMillis() default 120_000;

        @AttributeDefinition(
                description = "a provider that does not list its models within this is left out of the list")
        long listMillis() default 5_000;

        @AttributeDefinition(description = "how often providers without successful calls are probed; 0: never")
        long probeMillis() default 30_000;

        @AttributeDefinition(
                description = "how many parts of one call for embeddings are asked for at the same time, 1 to 100")
        int embedParallel() default 4;

        @AttributeDefinition(
                description = "which requests to provider/model get an answer that was given before: off; repeatable,"
                        + " those with temperature 0, topK 1 or a seed; all")
        String cache() default "off";

        @AttributeDefinition(description = "how long an answer of provider/model is given again")
        long cacheSeconds() default 3_600;

        @AttributeDefinition(
                description = "the most bytes that all answers kept for this may take, those of routes too")
        long cacheBytes() default 67_108_864;
    }

    private final Providers providers = new Providers(System::nanoTime);
    private final Routes routes = new Routes(System::nanoTime);
    private final Map<LlmProvider, Map<String, ?>> bound = new ConcurrentHashMap<>();
    private final Accounting accounting;
    private final Routing routing;
    private final Calls calls;
    private final CachedCalls cached;
    private final ModelCatalog catalog;
    private final Watch watch;
    private final LlmService anonymous;
    private volatile Settings settings;
    private Telemetry telemetry = Telemetry.NONE;

    @Activate
    public RoutingLlmService(Config config, @Reference Prices prices) {
        settings = Settings.of(config);
        accounting = new Accounting(prices, System::nanoTime);
        routing = new Routing(
                providers,
                routes,
                prices,
                accounting,
                () -> settings,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextDouble());
        calls = new Calls(routing);
        catalog = new ModelCatalog(routing, calls.executor());
        AnswerCache cache = new AnswerCache(() -> settings, System::nanoTime);
        cached = new CachedCalls(cache, calls);
        watch = new Watch(routing, calls, cache);
        anonymous = as(Caller.ANONYMOUS);
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    void modified(Config config) {
        try {
            settings = Settings.of(config);
        } catch (IllegalArgumentException e) {
            LOG.error("forge.ai.runtime.llm: {}; the settings stay as they were", e.getMessage());
        }
    }

    @Deactivate
    void deactivate() {
        watch.close();
        calls.close(DRAIN);
    }

    @Reference(
            service = LlmProvider.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "updatedProvider",
            unbind = "unbindProvider")
    void bindProvider(LlmProvider provider, Map<String, Object> properties) {
        String name = Providers.name(properties);
        if (name.isEmpty()) {
            LOG.warn("a provider without the service property {} is not used: {}", LlmProvider.NAME, properties);
            return;
        }
        bound.put(provider, properties);
        providers.add(provider, properties);
        routes.hopeful(name);
        watch.probe(name);
        LOG.info("provider '{}' is there", name);
    }

    void updatedProvider(LlmProvider provider, Map<String, Object> properties) {
        Map<String, ?> before = bound.get(provider);
        if (before == null) {
            bindProvider(provider, properties);
            return;
        }
        bound.put(provider, properties);
        providers.update(provider, before, properties);
        routes.hopeful(Providers.name(properties));
        watch.probe(Providers.name(properties));
    }

    void unbindProvider(LlmProvider provider) {
        Map<String, ?> properties = bound.remove(provider);
        if (properties != null) {
            String name = Providers.name(properties);
            if (providers.remove(provider, properties)) {
                LOG.info("provider '{}' has left", name);
            } else {
                LOG.warn("provider '{}' leaves although calls are still in flight", name);
            }
        }
    }

    @Reference(
            service = RouteConfiguration.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "bindRoute",
            unbind = "unbindRoute")
    void bindRoute(RouteConfiguration route, Map<String, Object> properties) {
        routes.put(route, properties);
    }

    void unbindRoute(RouteConfiguration route) {
        routes.remove(route);
    }

    @Reference(
            service = LimitConfiguration.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "bindLimit",
            unbind = "unbindLimit")
    void bindLimit(LimitConfiguration limit) {
        accounting.limits().put(limit);
    }

    void unbindLimit(LimitConfiguration limit) {
        accounting.limits().remove(limit);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLedger(UsageLedger ledger, Map<String, ?> properties) {
        accounting.ledgers().add(ledger, properties);
    }

    void unbindLedger(UsageLedger ledger) {
        accounting.ledgers().remove(ledger);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindCallers(Callers callers, Map<String, ?> properties) {
        accounting.callers().add(callers, properties);
    }

    void unbindCallers(Callers callers) {
        accounting.callers().remove(callers);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTelemetry(Telemetry service) {
        telemetry = service;
        accounting.meters(new CallMeters(service));
    }

    /** Called after the next one is bound, if there is one. */
    void unbindTelemetry(Telemetry service) {
        if (telemetry == service) {
            telemetry = Telemetry.NONE;
            accounting.meters(CallMeters.NONE);
        }
    }

    @Override
    public LlmService as(Caller caller) {
        return new CallerLlmService(caller, routing, calls, cached, catalog);
    }

    @Override
    public Completion chat(ChatRequest request) {
        return anonymous.chat(request);
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        return anonymous.streamChat(request);
    }

    @Override
    public Completion complete(CompletionRequest request) {
        return anonymous.complete(request);
    }

    @Override
    public CompletionStream streamCompletion(CompletionRequest request) {
        return anonymous.streamCompletion(request);
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        return anonymous.embed(request);
    }

    @Override
    public TokenCount countTokens(ChatRequest request) {
        return anonymous.countTokens(request);
    }

    @Override
    public List<LlmModel> models() {
        return anonymous.models();
    }

    @Override
    public List<ProviderStatus> providers() {
        return anonymous.providers();
    }

    @Override
    public List<Route> routes() {
        return anonymous.routes();
    }
}
