package forge.ai.runtime.models;

import forge.ai.api.model.ModelSource;
import forge.ai.api.model.Warmup;
import java.util.Map;
import java.util.Optional;

/**
 * What a version is to be loaded from, by and with; when it differs from that of the loaded one, it is loaded again.
 *
 * @param warmupFile the stamp of the file of warm-up requests, if it lies in the folder of the model
 */
record Target(
        BoundBackend backend,
        VersionFolder files,
        String device,
        int threads,
        Map<String, String> parameters,
        Warmup warmup,
        Optional<FileStamp> warmupFile) {

    ModelSource source(String model) {
        return new ModelSource(model, files.version(), files.folder(), device, threads, parameters);
    }
}
