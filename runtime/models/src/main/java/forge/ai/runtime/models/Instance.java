package forge.ai.runtime.models;

import forge.ai.api.model.LoadedModel;
import forge.ai.runtime.support.lease.CallGate;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loaded model, lent to calls; once retired it is closed when the last call is through. */
final class Instance {

    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String label;
    private final BoundBackend backend;
    private final LoadedModel loaded;
    private final long grown;
    private volatile long memory;
    private final CallGate gate = new CallGate();

    /** @param grown by how many bytes the process grew meanwhile */
    Instance(Slot slot, BoundBackend backend, LoadedModel loaded, long grown) {
        this.label = slot.toString();
        this.backend = backend;
        this.loaded = loaded;
        this.grown = grown;
    }

    BoundBackend backend() {
        return backend;
    }

    LoadedModel loaded() {
        return loaded;
    }

    /** About how many bytes it takes. */
    long memory() {
        return memory;
    }

    /**
     * Decides what it takes.
     *
     * @param alone whether nothing else was loaded meanwhile, so that what the process grew by is of this one
     * @param least what it takes at least
     */
    void weigh(boolean alone, long least) {
        memory = alone ? Math.max(grown, least) : least;
    }

    /** Passed by each call that holds this instance. */
    CallGate gate() {
        return gate;
    }

    /** Lends to no more calls; called once. What is to be done when it is closed is done in another thread. */
    void retire(Runnable afterwards) {
        gate.close();
        // Of its own: virtual threads wait for one another where the callers keep all carriers busy.
        Thread.ofPlatform().daemon().name("close " + label).start(() -> {
            while (!gate.awaitIdle(PATIENCE)) {
                LOG.warn("{} is to be closed, but {} calls still hold it", label, gate.inside());
            }
            close();
            afterwards.run();
        });
    }

    /** Closes the model; for one that no call has found yet. */
    void close() {
        try {
            loaded.close();
        } catch (RuntimeException e) {
            LOG.warn("{} could not be closed by the backend {}", label, backend.name(), e);
        }
    }
}
