package forge.ai.runtime.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.grpc.protocol.InferParameter;
import forge.ai.runtime.grpc.protocol.ModelInferRequest;
import forge.ai.runtime.grpc.protocol.ModelInferResponse;
import forge.ai.runtime.grpc.protocol.ModelInferResponse.InferOutputTensor;
import forge.ai.runtime.support.openinference.BinaryTensors;
import java.util.Map;

/** Writes what was computed: in raw bytes if the request came in them, or asks for them, or if a type needs them. */
final class InferResponses {

    private static final String AS_BYTES = "binary_data_output";

    private InferResponses() {}

    static ModelInferResponse write(ModelInferRequest request, InferenceResult result) {
        ModelInferResponse.Builder response = ModelInferResponse.newBuilder()
                .setModelName(result.model())
                .setModelVersion(Long.toString(result.version()))
                .setId(request.getId());
        boolean raw = InferRequests.raw(request) || asBytes(request) || untyped(result);
        for (Map.Entry<String, Tensor> one : result.outputs().entrySet()) {
            Tensor tensor = one.getValue();
            InferOutputTensor.Builder output = InferOutputTensor.newBuilder()
                    .setName(one.getKey())
                    .setDatatype(tensor.type().name());
            for (long size : tensor.shape()) {
                output.addShape(size);
            }
            if (raw) {
                response.addRawOutputContents(bytes(tensor));
            } else {
                output.setContents(Contents.write(tensor));
            }
            response.addOutputs(output);
        }
        return response.build();
    }

    private static boolean asBytes(ModelInferRequest request) {
        return request.getParametersOrDefault(AS_BYTES, InferParameter.getDefaultInstance())
                .getBoolParam();
    }

    private static boolean untyped(InferenceResult result) {
        return result.outputs().values().stream().anyMatch(tensor -> !Contents.typed(tensor.type()));
    }

    /** Not copied where it can be avoided: tensors do not change. */
    private static ByteString bytes(Tensor tensor) {
        return tensor.type() == DataType.BYTES
                ? UnsafeByteOperations.unsafeWrap(BinaryTensors.write(tensor))
                : UnsafeByteOperations.unsafeWrap(tensor.data());
    }
}
