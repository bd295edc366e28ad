package forge.ai.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
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
 * Loads {@code model.onnx}, or {@code decoder_model_merged.onnx} as exported by Optimum, or the only {@code .onnx} file
 * of the folder.
 *
 * <p>Immediate, for a delayed component ends when its last user lets go, and the models with it.
 */
@Component(
        immediate = true,
        property = {
            ModelBackend.NAME + "=onnx",
            ModelBackend.FILES + "=" + OnnxBackend.MODEL,
            ModelBackend.FILES + "=" + OnnxBackend.MERGED_DECODER
        })
public final class OnnxBackend implements ModelBackend {

    static final String MODEL = "model.onnx";
    static final String MERGED_DECODER = "decoder_model_merged.onnx";

    private final Set<OnnxModel> open = ConcurrentHashMap.newKeySet();
    private final CallGate gate = new CallGate();

    @Override
    public LoadedModel load(ModelSource source) {
        if (!gate.enter()) {
            throw new UnavailableException("the ONNX backend is stopped");
        }
        try {
            OnnxModel model = OnnxModel.load(
                    OrtEnvironment.getEnvironment(), file(source.folder()), OnnxSettings.of(source), open::remove);
            open.add(model);
            return model;
        } finally {
            gate.leave();
        }
    }

    /** Native memory outlives the bundle: what its users left open is closed here. */
    @Deactivate
    void stop() {
        gate.close(() -> open.forEach(OnnxModel::close));
    }

    private static Path file(Path folder) {
        for (String name : List.of(MODEL, MERGED_DECODER)) {
            Path named = folder.resolve(name);
            if (Files.isRegularFile(named)) {
                return named;
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(f -> f.getFileName().toString().endsWith(".onnx"))
                    .toList();
            if (found.size() == 1) {
                return found.getFirst();
            }
            throw new InvalidRequestException(
                    "there is no model.onnx in %s, and %d other .onnx files".formatted(folder, found.size()));
        } catch (IOException e) {
            throw new InvalidRequestException("cannot read " + folder + ": " + e.getMessage());
        }
    }
}
