package forge.ai.runtime.support.onnx;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSource;
import forge.ai.runtime.support.lease.CallGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models that a backend has open. */
public final class OnnxModels {

    /** A file by which a model is recognised. */
    public static final String MODEL = "model.onnx";

    /** Another one. */
    public static final String MERGED_DECODER = "decoder_model_merged.onnx";

    private static final Logger log = LoggerFactory.getLogger(OnnxModels.class);
    private static final String CUDA = "libonnxruntime_providers_cuda.so";

    private final OnnxBinding binding;
    private final Set<OnnxModel<?>> open = ConcurrentHashMap.newKeySet();
    private final CallGate gate = new CallGate();

    public OnnxModels(OnnxBinding binding) {
        this.binding = binding;
    }

    /**
     * Loads {@code model.onnx}, or {@code decoder_model_merged.onnx} as exported by Optimum, or the only {@code .onnx} file
     * of the folder.
     */
    public LoadedModel load(ModelSource source) {
        if (!gate.enter()) {
            throw new UnavailableException("the ONNX backend is stopped");
        }
        try {
            Path file = file(source.folder());
            return load(file, OnnxSettings.of(source, cuda()));
        } finally {
            gate.leave();
        }
    }

    private LoadedModel load(Path file, OnnxSettings settings) {
        String name = file.getFileName().toString();
        OnnxSession<?> session = null;
        try {
            session = openOn(file, settings);
            OnnxModel<?> model = new OnnxModel<>(name, session, open::remove);
            open.add(model);
            session = null;
            return model;
        } catch (OnnxFailure e) {
            throw OnnxErrors.load(name, e, settings);
        } finally {
            if (session != null) {
                session.close();
            }
        }
    }

    private OnnxSession<?> openOn(Path file, OnnxSettings settings) throws OnnxFailure {
        try {
            return binding.open(file, settings);
        } catch (OnnxFailure e) {
            if (!settings.onGpu() || !settings.orCpu()) {
                throw e;
            }
            log.debug("{} cannot be used", OnnxErrors.gpu(settings), e);
            OnnxSession<?> onCpu = binding.open(file, settings.onCpu());
            log.warn("{} cannot be used; {} is computed on the CPU instead", OnnxErrors.gpu(settings), file);
            return onCpu;
        }
    }

    /** Whether the fragment with the provider lies beside the library. */
    private static boolean cuda() {
        String natives = System.getProperty("onnxruntime.native.path");
        return natives != null && Files.exists(Path.of(natives, CUDA));
    }

    /** Native memory outlives a bundle: what its users left open is closed here. */
    public void stop() {
        gate.close(() -> open.forEach(OnnxModel::close));
    }

    /** The file that is loaded from a version's folder. */
    public static Path file(Path folder) {
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
