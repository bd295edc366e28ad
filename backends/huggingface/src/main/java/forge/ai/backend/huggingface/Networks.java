package forge.ai.backend.huggingface;

import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.TensorSpec;

/** Outputs of networks as tasks need them. */
final class Networks {

    private Networks() {}

    /**
     * The output of this name, or the first one.
     *
     * @param rank how many dimensions it must have
     * @throws UnsupportedException if it is of another type or rank, or the last dimension is empty
     */
    static TensorSpec logits(ModelSignature network, String name, int rank) {
        TensorSpec output = network.output(name).orElse(network.outputs().getFirst());
        long[] shape = output.shape();
        if (output.type() != DataType.FP32 || shape.length != rank || shape[rank - 1] == 0) {
            throw new UnsupportedException(
                    "the network gives %s; expected: %s, FP32 with %d dimensions".formatted(output, name, rank));
        }
        return output;
    }
}
