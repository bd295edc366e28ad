package forge.ai.runtime.server;

import forge.ai.api.PermissionException;
import forge.ai.api.UnavailableException;
import forge.ai.api.deploy.Deployments;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.Callers;
import forge.ai.api.llm.LlmService;
import forge.ai.api.model.ModelRegistry;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;

/** The services behind the front, each leased for the time of a call. */
public final class Services {

    final LeaseRouter<LlmService> llm = new LeaseRouter<>();
    final LeaseRouter<InferenceService> inference = new LeaseRouter<>();
    final LeaseRouter<ModelRegistry> models = new LeaseRouter<>();
    final LeaseRouter<Deployments> deployments = new LeaseRouter<>();

    final LeaseRouter<Callers> callers = new LeaseRouter<>();

    /**
     * The LLM service in the name of the caller of a request, whose answer then says in its headers who gave it.
     *
     * @throws UnavailableException if it is not there and did not come back within the bridge
     * @throws PermissionException if the caller may not use models
     */
    public LlmLease llm(Exchange exchange) {
        if (!exchange.caller().roles().contains(Caller.USE)) {
            throw new PermissionException("the key '" + exchange.caller().name() + "' has not the role " + Caller.USE);
        }
        return new LlmLease(llm(), exchange);
    }

    /** @throws UnavailableException if it is not there and did not come back within the bridge */
    public Lease<LlmService> llm() {
        return lease(llm, "LLM service");
    }

    /** As {@link #llm()}. */
    public Lease<InferenceService> inference() {
        return lease(inference, "inference service");
    }

    /** As {@link #llm()}. */
    public Lease<ModelRegistry> models() {
        return lease(models, "model registry");
    }

    private static <S> Lease<S> lease(LeaseRouter<S> router, String what) {
        return router.acquire()
                .orElseThrow(() -> new UnavailableException("the " + what + " is not there now; try again"));
    }
}
