package forge.ai.api.model;

import forge.ai.api.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is to be optimised, and how the result is judged.
 *
 * @param model the model
 * @param version the version to make it from
 * @param int8 whether weights are rounded to 8 bits, too
 * @param inputs what both are computed on, each tensors by name; empty for random ones
 * @param tolerance how far outputs may differ, in parts of the largest number of an output; empty for 0.001, or 0.05
 *     with {@code int8}
 * @param label to be put on the new version; empty for none
 */
public record OptimizationRequest(
        String model,
        VersionSelector version,
        boolean int8,
        List<Map<String, Tensor>> inputs,
        OptionalDouble tolerance,
        Optional<String> label) {

    public OptimizationRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(version, "version");
        inputs = List.copyOf(inputs);
        Objects.requireNonNull(tolerance, "tolerance");
        Objects.requireNonNull(label, "label");
    }
}
