package forge.ai.runtime.inference;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.Sequencing;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tensors by which a model hands its state from one request of a sequence to the next. */
record StateTensors(String model, Sequencing settings, ModelSignature signature) {

    /** The most memory that the state of one sequence may take. */
    private static final long MOST_BYTES = 64L << 20;

    /** What a sequence begins with. */
    Map<String, Tensor> initial() {
        Map<String, Tensor> zeros = new LinkedHashMap<>();
        long bytes = 0;
        for (Sequencing.State state : settings.state()) {
            TensorSpec spec = signature
                    .input(state.input())
                    .orElseThrow(() -> wrong("the input " + state.input(), signature.inputs()));
            signature
                    .output(state.output())
                    .orElseThrow(() -> wrong("the output " + state.output(), signature.outputs()));
            DataType type = state.type().orElse(spec.type());
            if (type == DataType.BYTES) {
                throw new InvalidRequestException("the state %s of the model %s is %s; allowed are numbers"
                        .formatted(state.input(), model, spec));
            }
            long[] shape = state.shape()
                    .map(sizes -> sizes.stream().mapToLong(Long::longValue).toArray())
                    .orElseGet(() -> Arrays.stream(spec.shape())
                            .map(size -> Math.max(1, size))
                            .toArray());
            long size = (long) Tensor.elements(shape) * type.bytes();
            bytes = checkSize(bytes + size);
            zeros.put(state.input(), Tensor.of(type, shape, ByteBuffer.allocate((int) size)));
        }
        return zeros;
    }

    private InvalidRequestException wrong(String what, List<TensorSpec> there) {
        return new InvalidRequestException(
                "the settings of %s name %s as state, which it has not; there are: %s".formatted(model, what, there));
    }

    private long checkSize(long bytes) {
        if (bytes > MOST_BYTES) {
            throw new ResourceExhaustedException(
                    "the state of a sequence of %s takes more than %d MiB".formatted(model, MOST_BYTES >> 20));
        }
        return bytes;
    }

    /** A request with the state put in and asked for. */
    InferenceRequest added(InferenceRequest request, Map<String, Tensor> state) {
        Map<String, Tensor> inputs = new LinkedHashMap<>(request.inputs());
        state.forEach((name, tensor) -> {
            if (inputs.put(name, tensor) != null) {
                throw new InvalidRequestException(
                        "the input %s is the state of %s and comes from the request before".formatted(name, model));
            }
        });
        if (request.outputs().isEmpty()) {
            return request.withInputs(inputs);
        }
        Set<String> outputs = new LinkedHashSet<>(request.outputs());
        settings.state().forEach(state1 -> outputs.add(state1.output()));
        return request.withInputs(inputs).withOutputs(outputs);
    }

    /** The state after a request, in memory of its own. */
    Map<String, Tensor> next(InferenceResult result) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        settings.state().forEach(one -> {
            Tensor output = result.outputs().get(one.output());
            if (output == null) {
                throw wrong("the output " + one.output(), signature.outputs());
            }
            state.put(one.input(), output);
        });
        checkSize(OwnTensors.bytes(state));
        return OwnTensors.copy(state);
    }

    /** A result without the state. */
    InferenceResult removed(InferenceResult result) {
        Map<String, Tensor> outputs = new LinkedHashMap<>(result.outputs());
        settings.state().forEach(state -> outputs.remove(state.output()));
        return result.withOutputs(outputs);
    }

    /** What the model takes and gives without its state. */
    ModelSignature outside() {
        Set<String> inputs = new LinkedHashSet<>();
        Set<String> outputs = new LinkedHashSet<>();
        settings.state().forEach(state -> {
            inputs.add(state.input());
            outputs.add(state.output());
        });
        return new ModelSignature(
                signature.inputs().stream()
                        .filter(spec -> !inputs.contains(spec.name()))
                        .toList(),
                signature.outputs().stream()
                        .filter(spec -> !outputs.contains(spec.name()))
                        .toList(),
                signature.batched(),
                signature.metadata());
    }
}
