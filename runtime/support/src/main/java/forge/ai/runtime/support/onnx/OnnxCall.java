package forge.ai.runtime.support.onnx;

import forge.ai.api.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one call wants.
 *
 * @param inputs tensors by name
 * @param outputs those of the graph that are needed
 * @param wanted the names of the tensors to make of them
 * @param places where to write some of them
 */
record OnnxCall(Map<String, Tensor> inputs, List<OnnxOutput> outputs, Set<String> wanted, Map<String, Tensor> places) {}
