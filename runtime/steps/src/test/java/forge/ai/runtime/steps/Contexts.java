package forge.ai.runtime.steps;

import forge.ai.api.inference.StepContext;
import forge.ai.api.model.StepConfig;
import java.nio.file.Path;
import java.util.Map;

/** Contexts of steps, as {@code config.json} makes them. */
final class Contexts {

    private Contexts() {}

    static StepContext of(String step, Map<String, Object> parameters) {
        return of(Path.of("m", "1"), step, parameters);
    }

    static StepContext of(Path folder, String step, Map<String, Object> parameters) {
        return new StepContext("m", 1, folder, new StepConfig(step, parameters));
    }
}
