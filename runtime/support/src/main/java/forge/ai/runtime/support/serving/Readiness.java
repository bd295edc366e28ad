package forge.ai.runtime.support.serving;

import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.util.ArrayList;
import java.util.List;

/** Knows whether requests can be served: all services are there, and the first models were loaded. */
public final class Readiness {

    /**
     * What has to be there.
     *
     * @param name for people
     * @param services one of them
     */
    public record Need(String name, LeaseRouter<?> services) {}

    private final LeaseRouter<ModelRegistry> models;
    private final List<Need> needs;
    private volatile boolean wasReady;
    private volatile boolean stopping;

    /** @param needs in the order in which they are told of when they lack */
    public Readiness(LeaseRouter<ModelRegistry> models, List<Need> needs) {
        this.models = models;
        this.needs = List.copyOf(needs);
    }

    /** From now on it is not ready. */
    public void stop() {
        stopping = true;
    }

    /** Whether {@link #stop} was called. */
    public boolean stopping() {
        return stopping;
    }

    /** What keeps it from being ready; empty if nothing does. */
    public List<String> lacks() {
        List<String> lacks = new ArrayList<>();
        if (stopping) {
            lacks.add("nothing: the server stops");
        }
        needs.stream().filter(need -> need.services().services().isEmpty()).forEach(need -> lacks.add(need.name()));
        // A model that is loaded later, or again, must not take the whole server out.
        if (lacks.isEmpty() && !wasReady) {
            models.services().stream()
                    .flatMap(r -> r.models().stream())
                    .filter(m -> m.state() == ModelState.LOADING)
                    .forEach(m -> lacks.add("model " + m.name() + "/" + m.version()));
            wasReady = lacks.isEmpty();
        }
        return lacks;
    }
}
