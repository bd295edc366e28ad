package forge.ai.runtime.grpc;

import forge.ai.api.UnavailableException;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.Callers;
import forge.ai.api.model.ModelRegistry;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;

/** The services behind the server, each leased for the time of a call. */
final class Services {

    final LeaseRouter<InferenceService> inference = new LeaseRouter<>();
    final LeaseRouter<ModelRegistry> models = new LeaseRouter<>();
    final LeaseRouter<Callers> callers = new LeaseRouter<>();

    /** @throws UnavailableException if it is not there and did not come back within the bridge */
    Lease<InferenceService> inference() {
        return lease(inference, "inference service");
    }

    /** As {@link #inference()}. */
    Lease<ModelRegistry> models() {
        return lease(models, "model registry");
    }

    private static <S> Lease<S> lease(LeaseRouter<S> router, String what) {
        return router.acquire()
                .orElseThrow(() -> new UnavailableException("the " + what + " is not there now; try again"));
    }
}
