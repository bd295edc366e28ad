package forge.ai.api.model;

import org.osgi.annotation.versioning.ConsumerType;

/** Makes quicker or smaller versions of the models of one backend. */
@ConsumerType
public interface ModelOptimizer {

    /**
     * Writes an optimised form of a version as a new version of the same model, if it computes the same, within the
     * tolerance. A version without number and label is asked for as in {@link ModelRegistry#acquire}.
     *
     * @return what it is like, compared with the version that it was made from, written or not
     * @throws forge.ai.api.NotFoundException if there is no such model or version
     * @throws forge.ai.api.UnsupportedException if its backend has no such form
     * @throws forge.ai.api.InvalidRequestException if the inputs do not fit, or the model cannot compute random ones
     */
    OptimizationReport optimize(OptimizationRequest request);
}
