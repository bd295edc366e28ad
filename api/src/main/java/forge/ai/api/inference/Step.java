package forge.ai.api.inference;

import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something done to tensors before they reach a model or after they leave it: a pre-processor, a validator or a
 * post-processor. Publish it as a service with the property {@link #NAME}; models choose it by that name, with {@code
 * pre} and {@code post} of their {@code config.json}. It may be replaced while requests are under way.
 *
 * <p>Called from several threads, each that of a request, which is interrupted when nobody waits for the answer any
 * more.
 */
@ConsumerType
@FunctionalInterface
public interface Step {

    /** Service property: the name by which models choose it, such as {@code image}. */
    String NAME = "forge.ai.step.name";

    /**
     * Does it.
     *
     * @param tensors by name; not to be changed
     * @param context for whom, and how
     * @return the tensors that go on; a validator returns those that it was given
     * @throws forge.ai.api.InvalidRequestException if they are not what the step takes, or a validator refuses them
     */
    Map<String, Tensor> apply(Map<String, Tensor> tensors, StepContext context);

    /**
     * What it takes before a model, from what goes on to the model; by default the same.
     *
     * @param next what has to come out
     */
    default List<TensorSpec> takes(List<TensorSpec> next, StepContext context) {
        return next;
    }

    /**
     * What it gives after a model, from what the model gives; by default the same.
     *
     * @param before what goes in
     */
    default List<TensorSpec> gives(List<TensorSpec> before, StepContext context) {
        return before;
    }
}
