package forge.ai.api.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A model as a step of a pipeline of models.
 *
 * @param model the model's name
 * @param version which of its versions
 * @param inputs for each input of the model, the name of the pipeline's tensor that goes there
 * @param outputs for each wanted output of the model, the name that it has in the pipeline
 */
public record ModelStep(
        String model, VersionSelector version, Map<String, String> inputs, Map<String, String> outputs) {

    public ModelStep {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(version, "version");
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }
}
