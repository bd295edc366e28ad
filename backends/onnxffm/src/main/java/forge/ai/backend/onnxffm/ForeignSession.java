package forge.ai.backend.onnxffm;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.onnx.OnnxFailure;
import forge.ai.runtime.support.onnx.OnnxNode;
import forge.ai.runtime.support.onnx.OnnxRunner;
import forge.ai.runtime.support.onnx.OnnxSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A session of the C interface. */
final class ForeignSession implements OnnxSession<ForeignValue> {

    private final OrtLibrary ort;
    private final MemorySegment session;
    private final ForeignTensors tensors;
    private final List<OnnxNode> inputs;
    private final List<OnnxNode> outputs;
    private final Map<String, String> metadata;
    private final Arena arena = Arena.ofShared();
    private final Map<String, MemorySegment> names = new HashMap<>();

    private ForeignSession(OrtLibrary ort, MemorySegment session) throws OnnxFailure {
        this.ort = ort;
        this.session = session;
        try (Arena reading = Arena.ofConfined()) {
            GraphReader graph = new GraphReader(ort, session, reading);
            inputs = List.copyOf(graph.inputs());
            outputs = List.copyOf(graph.outputs());
            metadata = Map.copyOf(graph.metadata());
        }
        tensors = new ForeignTensors(ort);
        for (List<OnnxNode> nodes : List.of(inputs, outputs)) {
            nodes.forEach(node -> names.computeIfAbsent(node.name(), arena::allocateFrom));
        }
    }

    /** Takes the session over, also if this fails. */
    static ForeignSession of(OrtLibrary ort, MemorySegment session) throws OnnxFailure {
        ForeignSession opened = null;
        try {
            opened = new ForeignSession(ort, session);
            return opened;
        } finally {
            if (opened == null) {
                ort.release(OrtFunction.RELEASE_SESSION, session);
            }
        }
    }

    @Override
    public List<OnnxNode> inputs() {
        return inputs;
    }

    @Override
    public List<OnnxNode> outputs() {
        return outputs;
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public OnnxRunner<ForeignValue> newRunner() throws OnnxFailure {
        return new ForeignRunner(ort, session, names, inputs.size(), outputs.size());
    }

    @Override
    public ForeignValue over(DataType type, long[] shape, ByteBuffer data) throws OnnxFailure {
        return tensors.over(type, shape, data);
    }

    @Override
    public ForeignValue ofBytes(long[] shape, List<byte[]> values) throws OnnxFailure {
        return tensors.ofBytes(shape, values);
    }

    @Override
    public Tensor read(ForeignValue value) throws OnnxFailure {
        return tensors.read(value);
    }

    @Override
    public List<Map<Object, Number>> scores(ForeignValue value) throws OnnxFailure {
        return tensors.scores(value);
    }

    @Override
    public void release(ForeignValue value) {
        tensors.release(value);
    }

    @Override
    public void close() {
        ort.release(OrtFunction.RELEASE_SESSION, session);
        tensors.close();
        arena.close();
    }
}
