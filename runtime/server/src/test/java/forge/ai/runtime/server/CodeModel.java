package forge.ai.runtime.server;

import forge.ai.api.Cancellation;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/** A model made of code, which gives all its outputs. */
interface CodeModel extends LoadedModel {

    Map<String, Tensor> compute(Map<String, Tensor> inputs);

    @Override
    default Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
        Map<String, Tensor> all = compute(inputs);
        all.keySet().removeIf(name -> !outputs.isEmpty() && !outputs.contains(name));
        return all;
    }

    @Override
    default void close() {
        // Holds nothing.
    }
}
