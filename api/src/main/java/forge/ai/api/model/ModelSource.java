package forge.ai.api.model;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Where a model version lies and how it is to be loaded.
 *
 * @param name the model
 * @param version its version, 1 or more
 * @param folder the folder of the version; its files do not change any more
 * @param device {@code cpu}, {@code cuda:N}, or {@code auto} for the best that is there
 * @param threads the most threads one call may use, 1 or more
 * @param parameters further settings for the backend, from the model's {@code config.json}
 */
public record ModelSource(
        String name, long version, Path folder, String device, int threads, Map<String, String> parameters) {

    public ModelSource {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(device, "device");
        parameters = Map.copyOf(parameters);
    }
}
