package forge.ai.provider.local;

import forge.ai.api.Cancellation;
import forge.ai.api.NotFoundException;
import forge.ai.api.ProtocolException;
import forge.ai.api.UnavailableException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Computes with a version on which there is a hold. */
final class Computation {

    /** The longest that one computation may take. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final LeaseRouter<InferenceService> engines;

    Computation(LeaseRouter<InferenceService> engines) {
        this.engines = engines;
    }

    /** One output. The engine gives no turn to a version that is on its way out: then the held model computes at once. */
    Tensor run(VersionHold hold, Map<String, Tensor> inputs, String output, Cancellation cancellation) {
        Map<String, Tensor> outputs;
        try {
            outputs = byEngine(hold.status(), inputs, output);
        } catch (NotFoundException | UnavailableException e) {
            outputs = hold.model().run(inputs, Set.of(output), cancellation);
        }
        return Optional.ofNullable(outputs.get(output))
                .orElseThrow(() -> new ProtocolException("the model did not give its output " + output));
    }

    private Map<String, Tensor> byEngine(ModelStatus version, Map<String, Tensor> inputs, String output) {
        try (Lease<InferenceService> engine =
                engines.acquire().orElseThrow(() -> new UnavailableException("there is no inference service"))) {
            return engine.service()
                    .infer(InferenceRequest.of(version.name(), inputs)
                            .withVersion(VersionSelector.of(version.version()))
                            .withOutputs(Set.of(output))
                            .withTimeout(LIMIT))
                    .outputs();
        }
    }
}
