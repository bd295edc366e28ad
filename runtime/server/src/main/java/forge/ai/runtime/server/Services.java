package forge.ai.runtime.server;

import forge.ai.api.UnavailableException;
import forge.ai.api.deploy.Deployments;
import forge.ai.api.inference.InferenceService;
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
