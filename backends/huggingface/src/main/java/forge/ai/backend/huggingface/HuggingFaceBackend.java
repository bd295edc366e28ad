package forge.ai.backend.huggingface;

import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.runtime.support.lease.CallGate;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Loads a folder with {@code config.json}, {@code tokenizer.json} and {@code model.onnx}.
 *
 * <p>It is chosen by its name alone, never by the files: a folder with a causal language model or one for embeddings
 * has the same ones, and there the plain tensors are wanted.
 *
 * <p>Immediate, for a delayed component ends when its last user lets go, and the models with it.
 */
@Component(immediate = true, property = ModelBackend.NAME + "=huggingface")
public final class HuggingFaceBackend implements ModelBackend {

    private final ModelBackend onnx;
    private final @Nullable ModelBackend torch;
    private final Set<HubModel> open = ConcurrentHashMap.newKeySet();
    private final CallGate gate = new CallGate();

    /** @param torch computes networks in TorchScript; null where that is not installed */
    @Activate
    public HuggingFaceBackend(
            @Reference(target = "(" + ModelBackend.NAME + "=onnx)") ModelBackend onnx,
            @Reference(
                            target = "(" + ModelBackend.NAME + "=pytorch)",
                            cardinality = ReferenceCardinality.OPTIONAL,
                            policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    ModelBackend torch) {
        this.onnx = onnx;
        this.torch = torch;
    }

    @Override
    public LoadedModel load(ModelSource source) {
        if (!gate.enter()) {
            throw new UnavailableException("the Hugging Face backend is stopped");
        }
        try {
            HubModel model = HubModel.load(networks(source.folder()), source, open::remove);
            open.add(model);
            return model;
        } finally {
            gate.leave();
        }
    }

    private ModelBackend networks(Path folder) {
        if (!TorchNetwork.isIn(folder)) {
            return onnx;
        } else if (torch == null) {
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
