package forge.ai.runtime.support.onnx;

import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a session takes and gives.
 *
 * @param signature in the terms of the API
 * @param inputs those of the graph, in its order
 * @param outputs how each output of the graph is read, in its order
 */
record OnnxSignature(ModelSignature signature, List<OnnxNode.OfTensor> inputs, List<OnnxOutput> outputs) {

    OnnxSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    static OnnxSignature of(OnnxSession<?> session) {
        List<OnnxNode.OfTensor> inputs = new ArrayList<>();
        List<TensorSpec> given = new ArrayList<>();
        for (OnnxNode node : session.inputs()) {
            given.add(spec(node, "input"));
            inputs.add((OnnxNode.OfTensor) node);
        }
        List<OnnxOutput> outputs = new ArrayList<>();
        for (OnnxNode node : session.outputs()) {
            outputs.add(
                    switch (node) {
                        case OnnxNode.OfScores scores -> new OnnxOutput.OfScores(scores.name());
                        case OnnxNode.OfTensor tensor ->
                            new OnnxOutput.OfTensor(spec(tensor, "output"), tensor.dimensions());
                        case OnnxNode.Other other -> throw noTensor(other, "output");
                    });
        }
        List<TensorSpec> made =
                outputs.stream().flatMap(o -> o.specs().stream()).toList();
        boolean batched = batched(inputs, session.outputs());
        return new OnnxSignature(new ModelSignature(given, made, batched, session.metadata()), inputs, outputs);
    }

    private static TensorSpec spec(OnnxNode node, String role) {
        if (!(node instanceof OnnxNode.OfTensor tensor)) {
            throw noTensor(node, role);
        }
        DataType type = OnnxElements.type(tensor.elementType())
                .orElseThrow(() -> new UnsupportedException("the %s %s has elements of the type %d of ONNX"
                        .formatted(role, node.name(), tensor.elementType())));
        return new TensorSpec(node.name(), type, tensor.shape());
    }

    private static UnsupportedException noTensor(OnnxNode node, String role) {
        String what = node instanceof OnnxNode.Other other ? other.what() : "a list of maps";
        return new UnsupportedException("the %s %s is no tensor but %s".formatted(role, node.name(), what));
    }

    /**
     * Whether every first dimension is free and none is named unlike another: where the file says {@code batch} in one
     * place and {@code sequence} in another, rows of one are no rows of the other.
     */
    private static boolean batched(List<OnnxNode.OfTensor> inputs, List<OnnxNode> outputs) {
        if (inputs.isEmpty() || outputs.isEmpty()) {
            return false;
        }
        List<OnnxNode> all = new ArrayList<>(inputs);
        all.addAll(outputs);
        Set<String> names = new HashSet<>();
        for (OnnxNode node : all) {
            if (node instanceof OnnxNode.OfTensor tensor) {
                if (tensor.shape().length == 0 || tensor.shape()[0] >= 0) {
                    return false;
                }
                names.add(tensor.dimensions().getFirst());
            }
        }
        names.remove("");
        return names.size() <= 1;
    }
}
