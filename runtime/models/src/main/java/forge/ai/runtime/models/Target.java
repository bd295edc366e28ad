package forge.ai.runtime.models;

import forge.ai.api.model.ModelSource;
import java.util.Map;

/** What a version is to be loaded from, by and with; when it differs from that of the loaded one, it is loaded again. */
record Target(BoundBackend backend, VersionFolder files, String device, int threads, Map<String, String> parameters) {

    ModelSource source(String model) {
        return new ModelSource(model, files.version(), files.folder(), device, threads, parameters);
    }
}
