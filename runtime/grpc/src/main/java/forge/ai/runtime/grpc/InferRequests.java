package forge.ai.runtime.grpc;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.grpc.protocol.InferParameter;
import forge.ai.runtime.grpc.protocol.ModelInferRequest;
import forge.ai.runtime.grpc.protocol.ModelInferRequest.InferInputTensor;
import forge.ai.runtime.grpc.protocol.ModelInferRequest.InferRequestedOutputTensor;
import forge.ai.runtime.support.openinference.BinaryTensors;
import forge.ai.runtime.support.openinference.Keeping;
import forge.ai.runtime.support.openinference.Scheduling;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Reads inference requests. */
final class InferRequests {

    private static final int MOST_TENSORS = 1024;
    private static final int MOST_DIMENSIONS = 16;

    private InferRequests() {}

    /** @throws InvalidRequestException if a message says something that cannot be; it says where */
    static InferenceRequest read(ModelInferRequest message) {
        require(message.getInputsCount() <= MOST_TENSORS, "inputs", "at most " + MOST_TENSORS + " tensors");
        require(message.getOutputsCount() <= MOST_TENSORS, "outputs", "at most " + MOST_TENSORS + " names");
        require(
                !raw(message) || message.getRawInputContentsCount() == message.getInputsCount(),
                "raw_input_contents",
                "one for each input, " + message.getInputsCount());
        InferenceRequest request = new InferenceRequest(
                message.getModelName(),
                VersionSelector.parse(message.getModelVersion()),
                inputs(message),
                outputs(message),
                Scheduling.priority((int) whole(message, "priority", Scheduling.LAST_PLACE)),
                Scheduling.timeout(whole(message, "timeout", Scheduling.LONGEST_MICROS)));
        return keeping(message).addTo(request);
    }

    private static Keeping keeping(ModelInferRequest message) {
        if (message.getParametersCount() == 0) {
            return Keeping.NOTHING;
        }
        return new Keeping(
                text(message, "sequence_id"),
                truth(message, "sequence_start"),
                truth(message, "sequence_end"),
                text(message, "cache"));
    }

    private static InferParameter parameter(ModelInferRequest message, String name) {
        return message.getParametersOrDefault(name, InferParameter.getDefaultInstance());
    }

    private static String text(ModelInferRequest message, String name) {
        InferParameter parameter = parameter(message, name);
        return switch (parameter.getParameterChoiceCase()) {
            case PARAMETERCHOICE_NOT_SET -> "";
            case STRING_PARAM -> parameter.getStringParam();
            case INT64_PARAM -> Long.toString(parameter.getInt64Param());
            case UINT64_PARAM -> Long.toUnsignedString(parameter.getUint64Param());
            case BOOL_PARAM, DOUBLE_PARAM -> throw wrong("parameters." + name, "a text or a whole number");
        };
    }

    private static boolean truth(ModelInferRequest message, String name) {
        InferParameter parameter = parameter(message, name);
        require(parameter.hasBoolParam() || !message.containsParameters(name), "parameters." + name, "true or false");
        return parameter.getBoolParam();
    }

    /** Whether the tensors come as raw bytes. */
    static boolean raw(ModelInferRequest message) {
        return message.getRawInputContentsCount() > 0;
    }

    private static Map<String, Tensor> inputs(ModelInferRequest message) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (int i = 0; i < message.getInputsCount(); i++) {
            String at = "inputs[" + i + "]";
            InferInputTensor input = message.getInputs(i);
            require(!input.getName().isEmpty(), at + ".name", "a text");
            if (inputs.put(input.getName(), tensor(message, i, at)) != null) {
                throw new InvalidRequestException("there are two inputs named " + input.getName());
            }
        }
        return inputs;
    }

    private static Tensor tensor(ModelInferRequest message, int place, String at) {
        InferInputTensor input = message.getInputs(place);
        DataType type = type(input.getDatatype(), at + ".datatype");
        long[] shape = shape(input, at + ".shape");
        if (raw(message)) {
            require(!input.hasContents(), at + ".contents", "nothing beside raw_input_contents");
            return BinaryTensors.read(
                    type,
                    shape,
                    message.getRawInputContents(place).asReadOnlyByteBuffer(),
                    "raw_input_contents[" + place + "]");
        }
        return Contents.read(type, shape, input.getContents(), at + ".contents");
    }

    private static DataType type(String name, String at) {
        try {
            return DataType.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw wrong(at, "one of " + Arrays.toString(DataType.values()));
        }
    }

    private static long[] shape(InferInputTensor input, String at) {
        require(input.getShapeCount() <= MOST_DIMENSIONS, at, "at most " + MOST_DIMENSIONS + " sizes");
        long[] shape = new long[input.getShapeCount()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = input.getShape(i);
            require(shape[i] >= 0, at, "sizes of 0 and more");
        }
        return shape;
    }

    private static Set<String> outputs(ModelInferRequest message) {
        Set<String> outputs = new LinkedHashSet<>();
        for (InferRequestedOutputTensor output : message.getOutputsList()) {
            require(!output.getName().isEmpty(), "outputs[" + outputs.size() + "].name", "a text");
            outputs.add(output.getName());
        }
        return outputs;
    }

    private static long whole(ModelInferRequest message, String name, long most) {
        InferParameter parameter = parameter(message, name);
        long value = switch (parameter.getParameterChoiceCase()) {
            case PARAMETERCHOICE_NOT_SET -> 0;
            case INT64_PARAM -> parameter.getInt64Param();
            case UINT64_PARAM -> parameter.getUint64Param();
            case BOOL_PARAM, STRING_PARAM, DOUBLE_PARAM -> -1;
        };
        require(value >= 0 && value <= most, "parameters." + name, "a whole number from 0 to " + most);
        return value;
    }

    private static void require(boolean right, String at, String what) {
        if (!right) {
            throw wrong(at, what);
        }
    }

    private static InvalidRequestException wrong(String at, String what) {
        return new InvalidRequestException(
                at + " is missing or wrong; expected: " + what, ErrorDetails.NONE.withParameter(at));
    }
}
