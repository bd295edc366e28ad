package forge.ai.runtime.support.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a graph, call after call.
 *
 * @param <V> a value that goes in or comes out
 */
public interface OnnxRunner<V> extends AutoCloseable {

    /**
     * Runs the graph once.
     *
     * @param names of the inputs
     * @param inputs in the same order
     * @param wanted names of the outputs
     * @param outputs in the same order, where each is to be written, or null where it is to be made; those are put in,
     *     and the caller releases them
     */
    void run(List<String> names, List<V> inputs, List<String> wanted, List<@Nullable V> outputs) throws OnnxFailure;

    /** Ends the call that runs, and any that follows; called from another thread. */
    void terminate();

    @Override
    void close();
}
