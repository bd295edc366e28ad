package forge.ai.backend.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a session takes and gives.
 *
 * @param signature in the terms of the API
 * @param outputs how each output of the graph is read, in its order
 */
record OnnxSignature(ModelSignature signature, List<OutputReader> outputs) {

    OnnxSignature {
        outputs = List.copyOf(outputs);
    }

    static OnnxSignature of(OrtSession session) throws OrtException {
        Collection<NodeInfo> inputNodes = session.getInputInfo().values();
        Collection<NodeInfo> outputNodes = session.getOutputInfo().values();
        List<TensorSpec> inputs = new ArrayList<>();
        for (NodeInfo node : inputNodes) {
            inputs.add(spec(node, "input"));
        }
        List<OutputReader> outputs = new ArrayList<>();
        for (NodeInfo node : outputNodes) {
            outputs.add(
                    isScores(node)
                            ? new OutputReader.OfScores(node.getName())
                            : new OutputReader.OfTensor(spec(node, "output")));
        }
        List<TensorSpec> specs =
                outputs.stream().flatMap(o -> o.specs().stream()).toList();
        boolean batched = batched(inputNodes, outputNodes);
        return new OnnxSignature(new ModelSignature(inputs, specs, batched, metadata(session)), outputs);
    }

    private static boolean isScores(NodeInfo node) {
        return node.getInfo() instanceof SequenceInfo sequence && sequence.isSequenceOfMaps();
    }

    private static TensorSpec spec(NodeInfo node, String role) {
        if (!(node.getInfo() instanceof TensorInfo info)) {
            throw new UnsupportedException(
                    "the %s %s is no tensor but %s".formatted(role, node.getName(), node.getInfo()));
        }
        DataType type = ElementTypes.of(info.onnxType)
                .orElseThrow(() -> new UnsupportedException(
                        "the %s %s has elements of %s".formatted(role, node.getName(), info.onnxType)));
        return new TensorSpec(node.getName(), type, info.getShape());
    }

    /**
     * Whether every first dimension is free and none is named unlike another: where the file says {@code batch} in one
     * place and {@code sequence} in another, rows of one are no rows of the other.
     */
    private static boolean batched(Collection<NodeInfo> inputs, Collection<NodeInfo> outputs) {
        if (inputs.isEmpty() || outputs.isEmpty()) {
            return false;
        }
        Set<String> names = new HashSet<>();
        for (Collection<NodeInfo> nodes : List.of(inputs, outputs)) {
            for (NodeInfo node : nodes) {
                if (!isScores(node) && !freeFirst((TensorInfo) node.getInfo(), names)) {
                    return false;
                }
            }
        }
        names.remove("");
        return names.size() <= 1;
    }

    private static boolean freeFirst(TensorInfo info, Set<String> names) {
        if (info.getShape().length == 0 || info.getShape()[0] >= 0) {
            return false;
        }
        names.add(info.getDimensionNames()[0]);
        return true;
    }

    private static Map<String, String> metadata(OrtSession session) throws OrtException {
        OnnxModelMetadata file = session.getMetadata();
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
}
