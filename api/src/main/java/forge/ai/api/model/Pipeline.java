package forge.ai.api.model;

import forge.ai.api.InvalidRequestException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is done to a request besides the computation of the model, or, if it has {@code steps}, in its place.
 *
 * @param pre steps before the model, in their order
 * @param post steps after it, in their order
 * @param steps models that together make this one, in their order; empty if it computes itself
 * @param outputs the tensors of {@code steps} that are its outputs; if empty, those that no step takes
 */
public record Pipeline(List<StepConfig> pre, List<StepConfig> post, List<ModelStep> steps, List<String> outputs) {

    /** Nothing besides the model. */
    public static final Pipeline NONE = new Pipeline(List.of(), List.of(), List.of(), List.of());

    /** @throws InvalidRequestException if a tensor of {@code steps} is taken before it is given, or given twice */
    public Pipeline {
        pre = List.copyOf(pre);
        post = List.copyOf(post);
        steps = List.copyOf(steps);
        Set<String> given = check(steps);
        outputs = List.copyOf(outputs.isEmpty() ? untaken(steps, given) : outputs);
        for (String output : outputs) {
            if (!given.contains(output)) {
                throw new InvalidRequestException("the output " + output + " is given by no step; there are: " + given);
            }
        }
    }

    private static Set<String> check(List<ModelStep> steps) {
        Set<String> given = new LinkedHashSet<>();
        Set<String> taken = new LinkedHashSet<>();
        for (ModelStep step : steps) {
            taken.addAll(step.inputs().values());
            for (String tensor : step.outputs().values()) {
                if (!given.add(tensor)) {
                    throw new InvalidRequestException(
                            "the step " + step.model() + " gives " + tensor + ", which a step gives already");
                }
                if (taken.contains(tensor)) {
                    throw new InvalidRequestException(
                            "the step " + step.model() + " gives " + tensor + ", which it or a step before it takes");
                }
            }
        }
        return given;
    }

    private static List<String> untaken(List<ModelStep> steps, Set<String> given) {
        Set<String> left = new LinkedHashSet<>(given);
        steps.forEach(step -> left.removeAll(step.inputs().values()));
        return List.copyOf(left);
    }

    /** Whether there is nothing besides the model. */
    public boolean isEmpty() {
        return pre.isEmpty() && post.isEmpty() && steps.isEmpty();
    }

    /** The tensors that {@code steps} take from outside. */
    public Set<String> inputs() {
        Set<String> inputs = new LinkedHashSet<>();
        steps.forEach(step -> inputs.addAll(step.inputs().values()));
        steps.forEach(step -> inputs.removeAll(step.outputs().values()));
        return inputs;
    }
}
