package forge.ai.api.inference;

import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What was computed.
 *
 * @param model the model's name
 * @param version the version that computed
 * @param outputs tensors by name, in the order of the model's signature
 * @param queued how long the request waited for its turn
 * @param computed how long the computation took of which it was part
 * @param batch how many rows that computation had
 * @param cached whether it was computed before, for another request
 * @param steps how long each step took, in their order; empty if the model alone computed
 */
public record InferenceResult(
        String model,
        long version,
        Map<String, Tensor> outputs,
        Duration queued,
        Duration computed,
        int batch,
        boolean cached,
        List<StepTiming> steps) {

    public InferenceResult {
        Objects.requireNonNull(model, "model");
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        Objects.requireNonNull(queued, "queued");
        Objects.requireNonNull(computed, "computed");
        steps = List.copyOf(steps);
    }

    /** A result that was computed for this request, by the model alone. */
    public InferenceResult(
            String model, long version, Map<String, Tensor> outputs, Duration queued, Duration computed, int batch) {
        this(model, version, outputs, queued, computed, batch, false, List.of());
    }

    public InferenceResult withOutputs(Map<String, Tensor> value) {
        return new InferenceResult(model, version, value, queued, computed, batch, cached, steps);
    }

    public InferenceResult withSteps(List<StepTiming> value) {
        return new InferenceResult(model, version, outputs, queued, computed, batch, cached, value);
    }
}
