package forge.ai.backend.onnx;

import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.runtime.support.onnx.OnnxModels;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Loads {@code model.onnx}, or {@code decoder_model_merged.onnx} as exported by Optimum, or the only {@code .onnx} file
 * of the folder.
 *
 * <p>Immediate, for a delayed component ends when its last user lets go, and the models with it.
 */
@Component(
        immediate = true,
        property = {
            ModelBackend.NAME + "=onnx",
            ModelBackend.FILES + "=" + OnnxModels.MODEL,
            ModelBackend.FILES + "=" + OnnxModels.MERGED_DECODER
        })
public final class OnnxBackend implements ModelBackend {

    private final OnnxModels models = new OnnxModels(new JniBinding());

    @Override
    public LoadedModel load(ModelSource source) {
        return models.load(source);
    }

    @Deactivate
    void stop() {
        models.stop();
    }
}
