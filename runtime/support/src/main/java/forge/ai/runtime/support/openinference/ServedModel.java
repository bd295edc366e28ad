package forge.ai.runtime.support.openinference;

import forge.ai.api.UnavailableException;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import java.util.List;

/**
 * What the protocol's metadata tell of a model.
 *
 * @param status of the version that was asked for
 * @param signature of that version
 * @param versions all that are ready
 */
public record ServedModel(ModelStatus status, ModelSignature signature, List<String> versions) {

    public ServedModel {
        versions = List.copyOf(versions);
    }

    /**
     * @param engine says what a model takes and gives from outside, with the steps before and after it
     * @throws forge.ai.api.NotFoundException if there is no such model or version
     * @throws UnavailableException if it, or a step of it, is not loaded
     */
    public static ServedModel of(
            ModelRegistry registry, InferenceService engine, String name, VersionSelector version) {
        ModelStatus model = registry.model(name, version);
        if (model.signature().isEmpty()) {
            throw new UnavailableException("model %s version %d is %s%s"
                    .formatted(
                            model.name(),
                            model.version(),
                            model.state(),
                            model.reason().isEmpty() ? "" : ": " + model.reason()));
        }
        List<String> versions = registry.models().stream()
                .filter(m -> m.name().equals(model.name()) && m.state() == ModelState.READY)
                .map(m -> Long.toString(m.version()))
                .toList();
        return new ServedModel(model, engine.signature(model.name(), VersionSelector.of(model.version())), versions);
    }
}
