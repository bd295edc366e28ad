package forge.ai.backend.tensorflow;

import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * What a signature takes and gives, by the names of the signature.
 *
 * @param signature in the terms of the API
 * @param inputs the tensors of the graph by these names
 * @param outputs the same
 */
record SavedModelSignature(ModelSignature signature, Map<String, String> inputs, Map<String, String> outputs) {

    SavedModelSignature {
        inputs = Map.copyOf(inputs);
        outputs = Map.copyOf(outputs);
    }

    /** @param names those of all signatures of the file, for its metadata */
    static SavedModelSignature of(Map.Entry<String, SignatureDef> chosen, String names) {
        List<TensorSpec> inputs = specs(chosen.getValue().getInputsMap());
        List<TensorSpec> outputs = specs(chosen.getValue().getOutputsMap());
        boolean batched = !inputs.isEmpty() && !outputs.isEmpty() && freeFirst(inputs) && freeFirst(outputs);
        return new SavedModelSignature(
                new ModelSignature(inputs, outputs, batched, Map.of("signature", chosen.getKey(), "signatures", names)),
                tensors(chosen.getValue().getInputsMap()),
                tensors(chosen.getValue().getOutputsMap()));
    }

    /** In the order of the names, since the file knows none. */
    private static List<TensorSpec> specs(Map<String, TensorInfo> tensors) {
        List<TensorSpec> specs = new ArrayList<>();
        new TreeMap<>(tensors).forEach((name, tensor) -> specs.add(spec(name, tensor)));
        return specs;
    }

    private static TensorSpec spec(String name, TensorInfo tensor) {
        if (tensor.getEncodingCase() != TensorInfo.EncodingCase.NAME) {
            throw new UnsupportedException(name + " is no dense tensor, which is what is supported");
        }
        TensorShapeProto shape = tensor.getTensorShape();
        return shape.getUnknownRank()
                ? TensorSpec.ofAnyShape(name, ElementTypes.of(tensor.getDtype(), name))
                : new TensorSpec(
                        name,
                        ElementTypes.of(tensor.getDtype(), name),
                        shape.getDimList().stream()
                                .mapToLong(dimension -> Math.max(-1, dimension.getSize()))
                                .toArray());
    }

    private static boolean freeFirst(List<TensorSpec> specs) {
        return specs.stream().allMatch(spec -> !spec.anyShape() && spec.shape().length > 0 && spec.shape()[0] == -1);
    }

    private static Map<String, String> tensors(Map<String, TensorInfo> tensors) {
        Map<String, String> names = new HashMap<>();
        tensors.forEach((name, tensor) -> names.put(name, tensor.getName()));
        return names;
    }
}
