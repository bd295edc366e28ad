package forge.ai.runtime.support.onnx;

import java.util.List;

/** An input or output of a graph. */
public sealed interface OnnxNode {

    String name();

    /**
     * A tensor.
     *
     * @param elementType the number of {@code TensorProto.DataType}
     * @param shape -1 where any size is allowed
     * @param dimensions the names of its dimensions, empty where they have none
     */
    record OfTensor(String name, int elementType, long[] shape, List<String> dimensions) implements OnnxNode {
        public OfTensor {
            dimensions = List.copyOf(dimensions);
        }
    }

    /** A list of maps from label to score. */
    record OfScores(String name) implements OnnxNode {}

    /**
     * Anything else.
     *
     * @param what for people
     */
    record Other(String name, String what) implements OnnxNode {}
}
