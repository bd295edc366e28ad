package forge.ai.api.inference;

import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be computed.
 *
 * @param model the model's name
 * @param version which of its versions
 * @param inputs tensors by name
 * @param outputs the names of the outputs wanted; empty for all
 * @param priority higher goes first; 0 is normal
 * @param timeout the longest to wait for the answer
 */
public record InferenceRequest(
        String model,
        VersionSelector version,
        Map<String, Tensor> inputs,
        Set<String> outputs,
        int priority,
        Optional<Duration> timeout) {

    public InferenceRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(version, "version");
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableSet(new LinkedHashSet<>(outputs));
        Objects.requireNonNull(timeout, "timeout");
    }

    /** All outputs of the default version, with normal priority and no limit of time. */
    public static InferenceRequest of(String model, Map<String, Tensor> inputs) {
        return new InferenceRequest(model, VersionSelector.DEFAULT, inputs, Set.of(), 0, Optional.empty());
    }

    public InferenceRequest withVersion(VersionSelector value) {
        return new InferenceRequest(model, value, inputs, outputs, priority, timeout);
    }

    public InferenceRequest withInputs(Map<String, Tensor> value) {
        return new InferenceRequest(model, version, value, outputs, priority, timeout);
    }

    public InferenceRequest withOutputs(Set<String> value) {
        return new InferenceRequest(model, version, inputs, value, priority, timeout);
    }

    public InferenceRequest withPriority(int value) {
        return new InferenceRequest(model, version, inputs, outputs, value, timeout);
    }

    public InferenceRequest withTimeout(Duration value) {
        return new InferenceRequest(model, version, inputs, outputs, priority, Optional.of(value));
    }
}
