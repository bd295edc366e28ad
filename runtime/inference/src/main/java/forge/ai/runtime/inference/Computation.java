package forge.ai.runtime.inference;

import forge.ai.api.Cancellation;
import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.tensor.Tensor;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of a loaded model, of which only typed errors come out. */
final class Computation {

    private static final Logger LOG = LoggerFactory.getLogger(Computation.class);

    private Computation() {}

    static Map<String, Tensor> run(
            String name,
            LoadedModel model,
            Map<String, Tensor> inputs,
            Set<String> outputs,
            Cancellation cancellation) {
        try {
            return model.run(inputs, outputs, cancellation);
        } catch (ForgeException e) {
            throw e;
        } catch (RuntimeException | LinkageError | OutOfMemoryError | StackOverflowError e) {
            // Not its cause: a class of the backend would hold the bundle that it comes from; and what it says may hold
            // a
            // piece of the request.
            LOG.warn("The backend of {} failed", name, e);
            throw new InternalException("the backend of %s failed (%s); the log says more"
                    .formatted(name, e.getClass().getSimpleName()));
        }
    }
}
