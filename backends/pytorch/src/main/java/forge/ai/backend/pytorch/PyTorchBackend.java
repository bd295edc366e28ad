package forge.ai.backend.pytorch;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSource;
import forge.ai.runtime.support.lease.CallGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Loads {@code model.pt}, or the only {@code .pt} file of the folder.
 *
 * <p>Its ranking is below the usual one: a folder that has an ONNX file too stays with that when this comes.
 *
 * <p>Immediate, for a delayed component ends when its last user lets go, and the models with it.
 */
@Component(
        immediate = true,
        property = {ModelBackend.NAME + "=pytorch", ModelBackend.FILES + "=model.pt", "service.ranking:Integer=-1"})
public final class PyTorchBackend implements ModelBackend {

    private final Set<TorchModel> open = ConcurrentHashMap.newKeySet();
    private final CallGate gate = new CallGate();

    @Override
    public LoadedModel load(ModelSource source) {
        if (!gate.enter()) {
            throw new UnavailableException("the PyTorch backend is stopped");
        }
        try {
            TorchModel model = TorchModel.load(file(source.folder()), TorchSettings.of(source), open::remove);
            open.add(model);
            return model;
        } finally {
            gate.leave();
        }
    }

    /** Native memory outlives the bundle: what its users left open is closed here. */
    @Deactivate
    void stop() {
        gate.close(() -> open.forEach(TorchModel::close));
    }

    private static Path file(Path folder) {
        Path named = folder.resolve("model.pt");
        if (Files.isRegularFile(named)) {
            return named;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(f -> f.getFileName().toString().endsWith(".pt"))
                    .toList();
            if (found.size() == 1) {
                return found.getFirst();
            }
            throw new InvalidRequestException(
                    "there is no model.pt in %s, and %d other .pt files".formatted(folder, found.size()));
        } catch (IOException e) {
            throw new InvalidRequestException("cannot read " + folder + ": " + e.getMessage());
        }
    }
}
