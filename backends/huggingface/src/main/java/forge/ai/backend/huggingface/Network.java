package forge.ai.backend.huggingface;

import forge.ai.api.Cancellation;
import forge.ai.api.ForgeException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network of a model. When the backend that computes it leaves, it is loaded by another one of the same format, and
 * calls go on there; those on the way end where they began.
 */
final class Network implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Network.class);

    private final LeaseRouter<ModelBackend> backends;
    private final ModelSource source;
    private final ModelSignature signature;
    private final LeaseRouter<LoadedModel> router = new LeaseRouter<>();
    private final ReentrantLock moving = new ReentrantLock();
    private ModelBackend backend;
    private LoadedModel loaded;
    private boolean closed;

    /** @param backends those of its format */
    Network(LeaseRouter<ModelBackend> backends, ModelSource source) {
        this.backends = backends;
        this.source = source;
        try (Lease<ModelBackend> lease = backends.acquire()
                .orElseThrow(() -> new UnavailableException("there is no backend for the network now"))) {
            backend = lease.service();
            loaded = backend.load(source);
        }
        router.add(loaded, Map.of());
        signature = loaded.signature();
    }

    ModelSignature signature() {
        return signature;
    }

    Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
        try (Lease<LoadedModel> lease =
                router.acquire().orElseThrow(() -> new UnavailableException("what computed the network has left"))) {
            return lease.service().run(inputs, outputs, cancellation);
        }
    }

    /** Goes on with another backend if the one that computes it has left; returns when no call is on that any more. */
    void settle() {
        moving.lock();
        try {
            List<ModelBackend> there = backends.services();
            if (closed || there.contains(backend)) {
                return;
            }
            LoadedModel old = loaded;
            if (!there.isEmpty()) {
                move(there.getFirst());
            }
            router.remove(old);
            old.close();
        } finally {
            moving.unlock();
        }
    }

    private void move(ModelBackend next) {
        try {
            loaded = next.load(source);
            backend = next;
            router.add(loaded, Map.of());
        } catch (ForgeException e) {
            log.warn("the network of {} could not be loaded by the backend that takes over", source.name(), e);
        }
    }

    @Override
    public void close() {
        moving.lock();
        try {
            closed = true;
            loaded.close();
        } finally {
            moving.unlock();
        }
    }
}
