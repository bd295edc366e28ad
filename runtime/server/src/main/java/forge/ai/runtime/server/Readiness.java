package forge.ai.runtime.server;

import forge.ai.api.model.ModelState;
import java.util.ArrayList;
import java.util.List;

/** Knows whether requests can be served: all services are there, and the first models were loaded. */
final class Readiness {

    private final Services services;
    private volatile boolean wasReady;
    private volatile boolean stopping;

    Readiness(Services services) {
        this.services = services;
    }

    /** From now on it is not ready. */
    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    /** What keeps it from being ready; empty if nothing does. */
    List<String> lacks() {
        List<String> lacks = new ArrayList<>();
        if (stopping) {
            lacks.add("nothing: the server stops");
        }
        if (services.llm.services().isEmpty()) {
            lacks.add("LlmService");
        }
        if (services.inference.services().isEmpty()) {
            lacks.add("InferenceService");
        }
        if (services.models.services().isEmpty()) {
            lacks.add("ModelRegistry");
        }
        if (services.deployments.services().isEmpty()) {
            lacks.add("Deployments");
        }
        // A model that is loaded later, or again, must not take the whole server out.
        if (lacks.isEmpty() && !wasReady) {
            services.models.services().stream()
                    .flatMap(r -> r.models().stream())
                    .filter(m -> m.state() == ModelState.LOADING)
                    .forEach(m -> lacks.add("model " + m.name() + "/" + m.version()));
            wasReady = lacks.isEmpty();
        }
        return lacks;
    }
}
