package forge.ai.runtime.support.onnx;

/** What computes the nodes of a graph; each node is given to the first of several that can. */
public sealed interface OnnxProvider {

    /** The CPUs, which come last in any case. */
    record Cpu() implements OnnxProvider {}

    /**
     * A GPU.
     *
     * @param device its number
     * @param memoryLimit the most bytes of its memory that a model may use; 0 for all
     */
    record Cuda(int device, long memoryLimit) implements OnnxProvider {}
}
