package forge.ai.runtime.models;

import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.runtime.support.lease.CallGate;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A version in memory, lent to calls; once retired it is closed when the last call is through. */
final class Instance {

    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String label;
    private final Target target;
    private final String digest;
    private final ModelSignature signature;
    private final LoadedModel loaded;
    private final CallGate gate = new CallGate();

    Instance(String model, Target target, String digest, LoadedModel loaded) {
        this.label = model + " version " + target.files().version();
        this.target = target;
        this.digest = digest;
        this.signature = loaded.signature();
        this.loaded = loaded;
    }

    Target target() {
        return target;
    }

    String digest() {
        return digest;
    }

    ModelSignature signature() {
        return signature;
    }

    LoadedModel loaded() {
        return loaded;
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
            closeWhenIdle();
            afterwards.run();
        });
    }

    private void closeWhenIdle() {
        while (!gate.awaitIdle(PATIENCE)) {
            LOG.warn("{} is to be closed, but {} calls still hold it", label, gate.inside());
        }
        try {
            loaded.close();
        } catch (RuntimeException e) {
            LOG.warn(
                    "{} could not be closed by the backend {}",
                    label,
                    target.backend().name(),
                    e);
        }
    }
}
