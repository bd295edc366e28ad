package forge.ai.backend.tensorflow;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.runtime.support.lease.CallGate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Loads a SavedModel, which is a folder with {@code saved_model.pb}: the version folder, or {@code model.savedmodel} in
 * it.
 *
 * <p>Immediate, for a delayed component ends when its last user lets go, and the models with it.
 */
@Component(
        immediate = true,
        property = {ModelBackend.NAME + "=tensorflow", ModelBackend.FILES + "=saved_model.pb"})
public final class TensorFlowBackend implements ModelBackend {

    private final Set<SavedModel> open = ConcurrentHashMap.newKeySet();
    private final CallGate gate = new CallGate();

    @Override
    public LoadedModel load(ModelSource source) {
        if (!gate.enter()) {
            throw new UnavailableException("the TensorFlow backend is stopped");
        }
        try {
            SavedModel model = SavedModel.load(folder(source.folder()), TensorFlowSettings.of(source), open::remove);
            open.add(model);
            return model;
        } finally {
            gate.leave();
        }
    }

    /** Native memory outlives the bundle: what its users left open is closed here. */
    @Deactivate
    void stop() {
        gate.close(() -> open.forEach(SavedModel::close));
    }

    private static Path folder(Path version) {
        return Stream.of(version, version.resolve("model.savedmodel"))
                .filter(folder -> Files.isRegularFile(folder.resolve(SavedModelFile.NAME)))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("there is no saved_model.pb in " + version));
    }
}
