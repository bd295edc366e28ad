package forge.ai.api.inference;

import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.VersionSelector;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The engine: queues requests, puts them together into batches and computes them. */
@ProviderType
public interface InferenceService {

    /**
     * Computes one request and waits for the answer; interrupting the thread gives the request up.
     *
     * @throws forge.ai.api.NotFoundException if there is no such model, version or label
     * @throws forge.ai.api.UnavailableException if the model is not ready
     * @throws forge.ai.api.InvalidRequestException if a name, type or shape is wrong; the message says what is expected
     * @throws forge.ai.api.ResourceExhaustedException if the model's queue is full
     * @throws forge.ai.api.TimedOutException if the request's limit of time ran out
     * @throws forge.ai.api.CancelledException if given up
     */
    InferenceResult infer(InferenceRequest request);

    /** What each ready version of each model has computed and does now, by name and then version. */
    List<InferenceStatistics> statistics();

    /**
     * What requests to a model take and what it gives them: of one with a pipeline, what goes into the first step and
     * comes out of the last.
     *
     * @throws forge.ai.api.NotFoundException if there is no such model, version or label, or none of a pipeline's
     * @throws forge.ai.api.UnavailableException if the model, or a step of its pipeline, is not ready
     */
    ModelSignature signature(String model, VersionSelector version);

    /** How the shadows of models compare with the versions that answer, by model and version; by default there are none. */
    default List<ShadowReport> shadows() {
        return List.of();
    }
}
