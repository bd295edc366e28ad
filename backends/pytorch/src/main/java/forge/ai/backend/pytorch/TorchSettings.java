package forge.ai.backend.pytorch;

import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.support.model.ModelParameters;
import forge.ai.runtime.support.model.TensorSpecs;
import java.util.List;

/**
 * How a model is loaded, from its {@code config.json}.
 *
 * @param threads within one operator
 * @param optimize whether the graph is adapted to what the first calls bring
 * @param inputs in the order of the parameters of {@code forward}; empty if they are not declared
 * @param outputs in the order in which they come; empty if they are not declared
 */
record TorchSettings(int threads, boolean optimize, List<TensorSpec> inputs, List<TensorSpec> outputs) {

    TorchSettings {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    static TorchSettings of(ModelSource source) {
        ModelParameters keys = new ModelParameters(source);
        keys.requireCpu("PyTorch");
        return new TorchSettings(
                keys.threads("threads", source.threads()),
                keys.flag("optimize", true),
                TensorSpecs.read("inputs", keys.text("inputs", "")),
                TensorSpecs.read("outputs", keys.text("outputs", "")));
    }
}
