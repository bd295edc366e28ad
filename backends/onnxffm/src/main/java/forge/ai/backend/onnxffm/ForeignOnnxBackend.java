package forge.ai.backend.onnxffm;

import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.runtime.support.onnx.OnnxModels;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The same as the backend {@code onnx} by the quicker way, and therefore preferred to it where both are.
 *
 * <p>Immediate, for a delayed component ends when its last user lets go, and the models with it.
 */
@Component(
        immediate = true,
        property = {
            ModelBackend.NAME + "=onnx",
            ModelBackend.FILES + "=" + OnnxModels.MODEL,
            ModelBackend.FILES + "=" + OnnxModels.MERGED_DECODER,
            Constants.SERVICE_RANKING + ":Integer=10"
        })
public final class ForeignOnnxBackend implements ModelBackend {

    private final OrtLibrary library;
    private final OnnxModels models;

    @Activate
    public ForeignOnnxBackend() {
        library = OrtLibrary.open();
        models = new OnnxModels(new ForeignBinding(library));
    }

    @Override
    public LoadedModel load(ModelSource source) {
        return models.load(source);
    }

    @Deactivate
    void stop() {
        models.stop();
        library.close();
    }
}
