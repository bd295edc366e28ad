package forge.ai.backend.huggingface;

import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.runtime.support.lease.CallGate;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Loads a folder with {@code config.json}, {@code tokenizer.json}, and {@code model.onnx} or {@code model.pt}.
 *
 * <p>It is chosen by its name alone, never by the files: a folder with a causal language model or one for embeddings
 * has the same ones, and there the plain tensors are wanted.
 *
 * <p>When a backend that computes networks is replaced, the networks move to the new one while calls go on.
 *
 * <p>Immediate, for a delayed component ends when its last user lets go, and the models with it.
 */
@Component(immediate = true, property = ModelBackend.NAME + "=huggingface")
public final class HuggingFaceBackend implements ModelBackend {

    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final LeaseRouter<ModelBackend> onnx = new LeaseRouter<>();
    private final LeaseRouter<ModelBackend> torch = new LeaseRouter<>();
    private final Set<HubModel> open = ConcurrentHashMap.newKeySet();
    private final CallGate gate = new CallGate();

    @Reference(
            name = "onnx",
            target = "(" + ModelBackend.NAME + "=onnx)",
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addOnnx(ModelBackend backend, Map<String, ?> properties) {
        add(onnx, backend, properties);
    }

    void removeOnnx(ModelBackend backend) {
        remove(onnx, backend);
    }

    @Reference(
            name = "torch",
            target = "(" + ModelBackend.NAME + "=pytorch)",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addTorch(ModelBackend backend, Map<String, ?> properties) {
        add(torch, backend, properties);
    }

    void removeTorch(ModelBackend backend) {
        remove(torch, backend);
    }

    private void add(LeaseRouter<ModelBackend> router, ModelBackend backend, Map<String, ?> properties) {
        router.add(backend, properties);
        open.forEach(model -> model.network().settle());
    }

    /** Waits for what it just loads; what it has loaded moves to another. */
    private void remove(LeaseRouter<ModelBackend> router, ModelBackend backend) {
        router.remove(backend);
        open.forEach(model -> model.network().settle());
    }

    @Override
    public LoadedModel load(ModelSource source) {
        if (!gate.enter()) {
            throw new UnavailableException("the Hugging Face backend is stopped");
        }
        try {
            HubModel model = HubModel.load(networks(source.folder()), source, open::remove);
            open.add(model);
            // The backend may have left before it was known that this model has a network there.
            model.network().settle();
            return model;
        } finally {
            gate.leave();
        }
    }

    private LeaseRouter<ModelBackend> networks(Path folder) {
        if (!TorchNetwork.isIn(folder)) {
            return onnx;
        }
        // That the backend has come may be known to who loads models before it is known here.
        long end = System.nanoTime() + MOMENT.toNanos();
        while (torch.abandoned() && System.nanoTime() < end) {
            LockSupport.parkNanos(MOMENT.toNanos() / 50);
        }
        if (torch.abandoned()) {
            throw new UnsupportedException(
                    "the network in " + folder + " is TorchScript: install the feature pytorch, or add model.onnx");
        }
        return torch;
    }

    /** A tokenizer's memory outlives the bundle: what its users left open is closed here. */
    @Deactivate
    void stop() {
        gate.close(() -> open.forEach(HubModel::close));
    }
}
