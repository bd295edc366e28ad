package forge.ai.runtime.inference;

import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.UnavailableException;
import forge.ai.api.inference.Step;
import forge.ai.api.inference.StepContext;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouters;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps that are there, by name; each stays until the calls that use it are through. */
final class Steps {

    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    private final LeaseRouters<Step> routers = new LeaseRouters<>(Step.NAME);

    void add(Step step, Map<String, ?> properties) {
        routers.add(step, properties);
    }

    void remove(Step step, Map<String, ?> properties) {
        routers.remove(step, properties);
    }

    /** Has a step do something, of which only typed errors come out. */
    <T> T use(StepContext context, Function<Step, T> work) {
        String name = context.config().step();
        try (Lease<Step> lease = routers.acquire(name)
                .orElseThrow(
                        () -> new UnavailableException("there is no step %s, which the model %s needs; there are: %s"
                                .formatted(name, context.model(), routers.names())))) {
            return work.apply(lease.service());
        } catch (ForgeException e) {
            throw e;
        } catch (RuntimeException | LinkageError | OutOfMemoryError | StackOverflowError e) {
            // Not its cause: a class of the step would hold the bundle that it comes from.
            LOG.warn("The step {} of {} failed", name, context.model(), e);
            throw new InternalException("the step %s of the model %s failed (%s); the log says more"
                    .formatted(name, context.model(), e.getClass().getSimpleName()));
        }
    }
}
