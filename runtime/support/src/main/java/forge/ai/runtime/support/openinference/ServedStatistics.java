package forge.ai.runtime.support.openinference;

import forge.ai.api.inference.InferenceService;
import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import java.util.List;

/** Which statistics a request of the statistics extension means. */
public final class ServedStatistics {

    private ServedStatistics() {}

    /** Those of all versions that are ready, of all models. */
    public static List<InferenceStatistics> all(InferenceService engine) {
        return engine.statistics();
    }

    /**
     * Those of a model: of the version that is named, or of all that are ready.
     *
     * @throws forge.ai.api.NotFoundException if there is no such model or version
     */
    public static List<InferenceStatistics> of(
            InferenceService engine, ModelRegistry registry, String name, VersionSelector version) {
        ModelStatus model = registry.model(name, version);
        return engine.statistics().stream()
                .filter(s -> s.model().equals(name))
                .filter(s -> version.equals(VersionSelector.DEFAULT) || s.version() == model.version())
                .toList();
    }
}
