package forge.ai.runtime.models;

import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.runtime.support.lease.LeasedService;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    private final LeasedService<LoadedModel> leased;
    private final CountDownLatch closed = new CountDownLatch(1);

    Instance(String model, Target target, String digest, LoadedModel loaded) {
        this.label = model + " version " + target.files().version();
        this.target = target;
        this.digest = digest;
        this.signature = loaded.signature();
        this.leased = new LeasedService<>(loaded);
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

    LeasedService<LoadedModel> leased() {
        return leased;
    }

    /** Lends to no more calls; called once. What is to be done when it is closed is done in another thread. */
    void retire(Runnable afterwards) {
        leased.close();
        Thread.ofVirtual().name("close " + label).start(() -> {
            closeWhenIdle();
            afterwards.run();
        });
    }

    private void closeWhenIdle() {
        while (!leased.awaitIdle(PATIENCE)) {
            LOG.warn("{} is to be closed, but {} calls still hold it", label, leased.leases());
        }
        try {
            leased.service().close();
        } catch (RuntimeException e) {
            LOG.warn("{} could not be closed by the backend {}", label, target.backend().name(), e);
        } finally {
            closed.countDown();
        }
    }

    /** Waits until it is closed; false if the limit came first. */
    boolean awaitClosed(Duration limit) {
        try {
            return closed.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
