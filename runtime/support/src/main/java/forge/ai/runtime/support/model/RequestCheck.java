package forge.ai.runtime.support.model;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares a request with what a model takes and gives, so that a wrong one is refused with what would be right. */
public final class RequestCheck {

    private final ModelSignature signature;
    private final Map<String, TensorSpec> inputs;
    private final Map<String, TensorSpec> outputs;

    public RequestCheck(ModelSignature signature) {
        this.signature = signature;
        this.inputs = byName(signature.inputs());
        this.outputs = byName(signature.outputs());
    }

    private static Map<String, TensorSpec> byName(List<TensorSpec> specs) {
        Map<String, TensorSpec> map = new LinkedHashMap<>();
        specs.forEach(spec -> map.put(spec.name(), spec));
        return map;
    }

    /**
     * @param given tensors by name
     * @param wanted names of outputs; empty for all
     * @throws InvalidRequestException if a name, type or shape is wrong, an input is missing, or the inputs of a
     *     batched model differ in rows
     */
    public void accept(Map<String, Tensor> given, Set<String> wanted) {
        given.forEach(this::accept);
        for (String name : inputs.keySet()) {
            if (!given.containsKey(name)) {
                throw refused(name, "the input " + name + " is missing; expected: " + list(inputs));
            }
        }
        for (String name : wanted) {
            if (!outputs.containsKey(name)) {
                throw refused(name, "there is no output " + name + "; there are: " + list(outputs));
            }
        }
        if (signature.batched() && given.size() > 1) {
            sameRows(given);
        }
    }

    private void accept(String name, Tensor tensor) {
        TensorSpec spec = inputs.get(name);
        if (spec == null) {
            throw refused(name, "there is no input " + name + "; expected: " + list(inputs));
        }
        if (!spec.accepts(tensor)) {
            throw refused(name, "the input %s is %s; expected: %s".formatted(name, tensor, spec));
        }
    }

    private static void sameRows(Map<String, Tensor> given) {
        Map.Entry<String, Tensor> first = given.entrySet().iterator().next();
        given.forEach((name, tensor) -> {
            if (tensor.dimension(0) != first.getValue().dimension(0)) {
                throw refused(
                        name,
                        "the input %s is %s but %s is %s; expected: the same first dimension in all"
                                .formatted(name, tensor, first.getKey(), first.getValue()));
            }
        });
    }

    private static String list(Map<String, TensorSpec> specs) {
        return specs.values().stream().map(TensorSpec::toString).collect(Collectors.joining(", "));
    }

    private static InvalidRequestException refused(String name, String message) {
        return new InvalidRequestException(message, ErrorDetails.NONE.withParameter(name));
    }
}
