package forge.ai.runtime.support.onnx;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * A loaded graph. Methods are called from several threads.
 *
 * @param <V> a value that goes in or comes out, in native memory until it is released
 */
public interface OnnxSession<V> extends AutoCloseable {

    /** In the graph's order. */
    List<OnnxNode> inputs();

    /** In the graph's order. */
    List<OnnxNode> outputs();

    /** What the file says of itself; nothing that is empty. */
    Map<String, String> metadata();

    /** What runs the graph, for one call at a time. */
    OnnxRunner<V> newRunner() throws OnnxFailure;

    /** A tensor over the remaining bytes of a direct buffer, which it keeps from being freed. */
    V over(DataType type, long[] shape, ByteBuffer data) throws OnnxFailure;

    /** A tensor of byte strings. */
    V ofBytes(long[] shape, List<byte[]> values) throws OnnxFailure;

    /** A copy of a tensor. */
    Tensor read(V value) throws OnnxFailure;

    /** A list of maps from label (a text or a whole number) to score. */
    List<Map<Object, Number>> scores(V value) throws OnnxFailure;

    void release(V value);

    @Override
    void close();
}
