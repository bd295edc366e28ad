package forge.ai.runtime.grpc;

import com.google.protobuf.ByteString;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.grpc.protocol.ModelInferRequest;
import forge.ai.runtime.grpc.protocol.ModelInferRequest.InferInputTensor;
import forge.ai.runtime.grpc.protocol.ModelInferResponse;
import forge.ai.runtime.grpc.protocol.ModelInferResponse.InferOutputTensor;
import forge.ai.runtime.support.openinference.BinaryTensors;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests and answers as a client makes and reads them. */
final class Messages {

    private Messages() {}

    static ModelInferRequest raw(String model, Map<String, Tensor> inputs) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
        inputs.forEach((name, tensor) -> request.addInputs(input(name, tensor))
                .addRawInputContents(ByteString.copyFrom(BinaryTensors.write(tensor))));
        return request.build();
    }

    static ModelInferRequest typed(String model, Map<String, Tensor> inputs) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
        inputs.forEach((name, tensor) -> request.addInputs(input(name, tensor).setContents(Contents.write(tensor))));
        return request.build();
    }

    private static InferInputTensor.Builder input(String name, Tensor tensor) {
        InferInputTensor.Builder input = InferInputTensor.newBuilder()
                .setName(name)
                .setDatatype(tensor.type().name());
        for (long size : tensor.shape()) {
            input.addShape(size);
        }
        return input;
    }

    /** The outputs by name, whether raw or typed. */
    static Map<String, Tensor> outputs(ModelInferResponse response) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (int i = 0; i < response.getOutputsCount(); i++) {
            InferOutputTensor output = response.getOutputs(i);
            DataType type = DataType.valueOf(output.getDatatype());
            long[] shape =
                    output.getShapeList().stream().mapToLong(Long::longValue).toArray();
            outputs.put(
                    output.getName(),
                    response.getRawOutputContentsCount() > 0
                            ? BinaryTensors.read(
                                    type,
                                    shape,
                                    response.getRawOutputContents(i).asReadOnlyByteBuffer(),
                                    output.getName())
                            : Contents.read(type, shape, output.getContents(), output.getName()));
        }
        return outputs;
    }
}
