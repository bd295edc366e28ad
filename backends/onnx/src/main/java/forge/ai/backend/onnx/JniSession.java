package forge.ai.backend.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.onnx.OnnxElements;
import forge.ai.runtime.support.onnx.OnnxFailure;
import forge.ai.runtime.support.onnx.OnnxNode;
import forge.ai.runtime.support.onnx.OnnxRunner;
import forge.ai.runtime.support.onnx.OnnxSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session of the Java interface. */
final class JniSession implements OnnxSession<OnnxValue> {

    private static final Logger log = LoggerFactory.getLogger(JniSession.class);

    private final OrtSession session;
    private final SessionOptions options;
    private final NativeTensors tensors;
    private final List<OnnxNode> inputs;
    private final List<OnnxNode> outputs;
    private final Map<String, String> metadata;

    JniSession(OrtEnvironment environment, OrtSession session, SessionOptions options) throws OrtException {
        this.session = session;
        this.options = options;
        this.tensors = new NativeTensors(environment);
        this.inputs = nodes(session.getInputInfo().values());
        this.outputs = nodes(session.getOutputInfo().values());
        this.metadata = Map.copyOf(metadata(session.getMetadata()));
    }

    private static List<OnnxNode> nodes(Collection<NodeInfo> nodes) {
        return nodes.stream().map(JniSession::node).toList();
    }

    private static OnnxNode node(NodeInfo node) {
        return switch (node.getInfo()) {
            case TensorInfo tensor ->
                new OnnxNode.OfTensor(
                        node.getName(),
                        ElementTypes.of(tensor.onnxType)
                                .map(OnnxElements::number)
                                .orElse(OnnxElements.UNKNOWN),
                        tensor.getShape(),
                        Arrays.asList(tensor.getDimensionNames()));
            case SequenceInfo sequence when sequence.isSequenceOfMaps() -> new OnnxNode.OfScores(node.getName());
            default -> new OnnxNode.Other(node.getName(), node.getInfo().toString());
        };
    }

    private static Map<String, String> metadata(OnnxModelMetadata file) {
        Map<String, String> metadata = new HashMap<>(file.getCustomMetadata());
        Map.of(
                        "producer", file.getProducerName(),
                        "graph", file.getGraphName(),
                        "description", file.getDescription(),
                        "domain", file.getDomain(),
                        "version", file.getVersion() == 0 ? "" : Long.toString(file.getVersion()))
                .forEach((key, value) -> {
                    if (!value.isEmpty()) {
                        metadata.putIfAbsent(key, value);
                    }
                });
        return metadata;
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
    public OnnxRunner<OnnxValue> newRunner() throws OnnxFailure {
        try {
            return new JniRunner(session);
        } catch (OrtException e) {
            throw JniBinding.failure(e);
        }
    }

    @Override
    public OnnxValue over(DataType type, long[] shape, ByteBuffer data) throws OnnxFailure {
        try {
            return tensors.over(type, shape, data);
        } catch (OrtException e) {
            throw JniBinding.failure(e);
        }
    }

    @Override
    public OnnxValue ofBytes(long[] shape, List<byte[]> values) throws OnnxFailure {
        try {
            return tensors.ofTexts(shape, values);
        } catch (OrtException e) {
            throw JniBinding.failure(e);
        }
    }

    @Override
    public Tensor read(OnnxValue value) throws OnnxFailure {
        try {
            return tensors.of((OnnxTensor) value);
        } catch (OrtException e) {
            throw JniBinding.failure(e);
        }
    }

    @Override
    public List<Map<Object, Number>> scores(OnnxValue value) throws OnnxFailure {
        try {
            List<? extends OnnxValue> maps = ((OnnxSequence) value).getValue();
            try {
                List<Map<Object, Number>> rows = new ArrayList<>();
                for (OnnxValue map : maps) {
                    Map<Object, Number> row = new HashMap<>();
                    ((OnnxMap) map).getValue().forEach((label, score) -> row.put(label, (Number) score));
                    rows.add(row);
                }
                return rows;
            } finally {
                OnnxValue.close(maps);
            }
        } catch (OrtException e) {
            throw JniBinding.failure(e);
        }
    }

    @Override
    public void release(OnnxValue value) {
        value.close();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            log.error("a session of ONNX Runtime could not be closed; its memory is lost", e);
        } finally {
            options.close();
        }
    }
}
