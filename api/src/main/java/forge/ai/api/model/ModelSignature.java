package forge.ai.api.model;

import forge.ai.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model takes and gives.
 *
 * @param inputs all inputs, in the model's order
 * @param outputs all outputs, in the model's order
 * @param batched whether the first dimension of every input and output is a free batch dimension, so that the rows of
 *     several requests may be computed in one call
 * @param metadata what the file says of itself (producer, description, licence ...)
 */
public record ModelSignature(
        List<TensorSpec> inputs, List<TensorSpec> outputs, boolean batched, Map<String, String> metadata) {

    public ModelSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        metadata = Map.copyOf(metadata);
    }

    public Optional<TensorSpec> input(String name) {
        return inputs.stream().filter(spec -> spec.name().equals(name)).findFirst();
    }

    public Optional<TensorSpec> output(String name) {
        return outputs.stream().filter(spec -> spec.name().equals(name)).findFirst();
    }
}
