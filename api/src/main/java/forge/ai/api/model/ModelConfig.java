package forge.ai.api.model;

import java.util.Map;
import java.util.Objects;

/**
 * The settings of a model, from its {@code config.json}.
 *
 * @param backend the name of the backend, or empty to recognise it by the files
 * @param versions which versions are served
 * @param labels versions by label
 * @param batching how requests are put together
 * @param device where it computes; see {@link ModelSource#device()}
 * @param parameters further settings for the backend
 */
public record ModelConfig(
        String backend,
        VersionPolicy versions,
        Map<String, Long> labels,
        Batching batching,
        String device,
        Map<String, String> parameters) {

    public static final ModelConfig DEFAULT =
            new ModelConfig("", new VersionPolicy.Latest(1), Map.of(), Batching.DEFAULT, "auto", Map.of());

    public ModelConfig {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(versions, "versions");
        labels = Map.copyOf(labels);
        Objects.requireNonNull(batching, "batching");
        Objects.requireNonNull(device, "device");
        parameters = Map.copyOf(parameters);
    }
}
