package forge.ai.api.inference;

import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
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
 */
public record InferenceResult(
        String model, long version, Map<String, Tensor> outputs, Duration queued, Duration computed, int batch) {

    public InferenceResult {
        Objects.requireNonNull(model, "model");
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        Objects.requireNonNull(queued, "queued");
        Objects.requireNonNull(computed, "computed");
    }
}
