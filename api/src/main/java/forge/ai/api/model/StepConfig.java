package forge.ai.api.model;

import java.util.Map;
import java.util.Objects;

/**
 * A step that a model's settings ask for.
 *
 * @param step the name of the step's service
 * @param parameters what it is to do, as JSON has it: texts, {@link Long} and {@link Double}, truth values, lists, and
 *     maps by text
 */
public record StepConfig(String step, Map<String, Object> parameters) {

    public StepConfig {
        Objects.requireNonNull(step, "step");
        parameters = Map.copyOf(parameters);
    }
}
