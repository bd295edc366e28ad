package forge.ai.runtime.inference;

import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.model.ModelStep;
import forge.ai.api.model.Pipeline;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tensors of a request to a model that is made of others, on their way from step to step. */
final class Chain {

    private final InferenceRequest asked;
    private final Pipeline pipeline;
    private final Map<String, Tensor> tensors;
    private Duration queued = Duration.ZERO;
    private Duration computed = Duration.ZERO;
    private int batch = 1;

    /** @throws InvalidRequestException if the inputs are not those of the pipeline */
    Chain(InferenceRequest asked, Pipeline pipeline, Map<String, Tensor> inputs) {
        this.asked = asked;
        this.pipeline = pipeline;
        this.tensors = new HashMap<>(inputs);
        Set<String> expected = pipeline.inputs();
        Set<String> missing = new LinkedHashSet<>(expected);
        missing.removeAll(inputs.keySet());
        Set<String> unknown = new LinkedHashSet<>(inputs.keySet());
        unknown.removeAll(expected);
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            String what = missing.isEmpty() ? "there is no input " + unknown : "the input " + missing + " is missing";
            throw new InvalidRequestException(what + "; expected: " + expected);
        }
    }

    /** What is asked of a step. */
    InferenceRequest request(ModelStep step) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        step.inputs().forEach((input, name) -> inputs.put(input, tensors.get(name)));
        return new InferenceRequest(
                step.model(),
                step.version(),
                inputs,
                step.outputs().keySet(),
                asked.priority(),
                Optional.empty(),
                asked.cache(),
                asked.sequence(),
                asked.span());
    }

    /** Takes what a step has answered. */
    void take(ModelStep step, InferenceResult result) {
        step.outputs().forEach((output, name) -> {
            Tensor tensor = result.outputs().get(output);
            if (tensor == null) {
                throw new InternalException("the step %s of %s gave no output %s, but: %s"
                        .formatted(
                                step.model(),
                                asked.model(),
                                output,
                                result.outputs().keySet()));
            }
            tensors.put(name, tensor);
        });
        queued = queued.plus(result.queued());
        computed = computed.plus(result.computed());
        batch = result.batch();
    }

    /** What all steps together have computed. */
    InferenceResult result(long version) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        pipeline.outputs().forEach(name -> outputs.put(name, tensors.get(name)));
        return new InferenceResult(asked.model(), version, outputs, queued, computed, batch);
    }
}
