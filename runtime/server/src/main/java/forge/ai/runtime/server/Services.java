package forge.ai.runtime.server;

import forge.ai.api.PermissionException;
import forge.ai.api.UnavailableException;
import forge.ai.api.conversation.Conversations;
import forge.ai.api.deploy.Deployments;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.Callers;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.ModelLibrary;
import forge.ai.api.model.ModelHub;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.monitoring.MetricsReader;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import forge.ai.runtime.support.lease.LeaseRouters;
import forge.ai.runtime.support.serving.Doorkeeper;
import java.util.Optional;

/** The services behind the front, each leased for the time of a call. */
public final class Services {

    final LeaseRouter<LlmService> llm = new LeaseRouter<>();
    final LeaseRouter<InferenceService> inference = new LeaseRouter<>();
    final LeaseRouter<ModelRegistry> models = new LeaseRouter<>();
    final LeaseRouter<Deployments> deployments = new LeaseRouter<>();

    final LeaseRouter<Conversations> conversations = new LeaseRouter<>();
    final LeaseRouter<Callers> callers = new LeaseRouter<>();
    final LeaseRouter<MetricsReader> metrics = new LeaseRouter<>();
    final LeaseRouters<ModelLibrary> libraries = new LeaseRouters<>(LlmProvider.NAME);
    final LeaseRouters<ModelHub> hubs = new LeaseRouters<>(ModelHub.SCHEME);

    /**
     * The LLM service in the name of the caller of a request, whose answer then says in its headers who gave it.
     *
     * @throws UnavailableException if it is not there and did not come back within the bridge
     * @throws PermissionException if the caller may not use models
     */
    public LlmLease llm(Exchange exchange) {
        Doorkeeper.require(exchange.caller(), Caller.USE);
        return new LlmLease(lease(llm, "LLM service"), exchange);
    }

    /**
     * The store of models behind a provider, in the name of the caller of a request; empty if the provider has none.
     *
     * @param role that the caller must have
     * @throws PermissionException if the caller has it not
     */
    public Optional<Lease<ModelLibrary>> library(Exchange exchange, String role, String provider) {
        Doorkeeper.require(exchange.caller(), role);
        return libraries.present(provider) ? libraries.acquire(provider) : Optional.empty();
    }

    /**
     * A hub of models, in the name of the caller of a request; empty if there is none of this scheme.
     *
     * @throws PermissionException if the caller may not operate
     */
    public Optional<Lease<ModelHub>> hub(Exchange exchange, String scheme) {
        Doorkeeper.require(exchange.caller(), Caller.OPERATE);
        return hubs.present(scheme) ? hubs.acquire(scheme) : Optional.empty();
    }

    /** As {@link #llm(Exchange)}, where there is no answer that could say so. */
    public LlmLease llm(Caller caller) {
        Doorkeeper.require(caller, Caller.USE);
        return new LlmLease(lease(llm, "LLM service"), caller);
    }

    /** The histories of conversations; empty where they are not kept. */
    public Optional<Lease<Conversations>> conversations() {
        return conversations.acquire();
    }

    /** As {@link #conversations()}, where nothing can be done without them. */
    public Lease<Conversations> requireConversations() {
        return lease(conversations, "store of conversations");
    }

    /**
     * The engine, in the name of the caller of a request.
     *
     * @throws UnavailableException if it is not there and did not come back within the bridge
     * @throws PermissionException if the caller may not use models
     */
    public Lease<InferenceService> inference(Exchange exchange) {
        Doorkeeper.require(exchange.caller(), Caller.USE);
        return lease(inference, "inference service");
    }

    /**
     * Whether a name is that of a model of the repository, and of nothing that language models are asked by: neither of
     * a provider nor of a route.
     */
    public boolean namesModel(String name) {
        boolean model = models.services().stream()
                .flatMap(registry -> registry.models().stream())
                .anyMatch(status -> status.name().equals(name));
        return model
                && llm.services().stream()
                        .noneMatch(service -> service.routes().stream()
                                        .anyMatch(route -> route.name().equals(name))
                                || service.providers().stream()
                                        .anyMatch(provider -> provider.name().equals(name)));
    }

    /** What is known of the models. */
    public Lease<ModelRegistry> models() {
        return lease(models, "model registry");
    }

    /** What is measured. */
    public Lease<MetricsReader> metrics() {
        return lease(metrics, "monitoring");
    }

    /**
     * The registry, to load and unload, in the name of the caller of a request.
     *
     * @throws PermissionException if the caller may not operate
     */
    public Lease<ModelRegistry> operatedModels(Exchange exchange) {
        Doorkeeper.require(exchange.caller(), Caller.OPERATE);
        return models();
    }

    private static <S> Lease<S> lease(LeaseRouter<S> router, String what) {
        return router.acquire()
                .orElseThrow(() -> new UnavailableException("the " + what + " is not there now; try again"));
    }
}
