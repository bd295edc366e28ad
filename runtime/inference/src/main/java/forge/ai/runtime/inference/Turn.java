package forge.ai.runtime.inference;

import forge.ai.api.UnavailableException;
import forge.ai.api.model.ModelLease;
import forge.ai.api.tensor.Tensor;
import java.util.Map;
import java.util.function.Supplier;

/** What one request of a sequence may do with it while it is its turn. */
final class Turn {

    private final LiveSequence sequence;
    private final Models models;

    Turn(LiveSequence sequence, Models models) {
        this.sequence = sequence;
        this.models = models;
    }

    /** The model that the sequence is with. */
    ModelLease lease() {
        return sequence.lease().share();
    }

    Map<String, Tensor> state(Supplier<Map<String, Tensor>> initial) {
        return sequence.state(initial);
    }

    void state(Map<String, Tensor> next) {
        sequence.state(next);
    }

    /** The same version once more, loaded anew after the one that is held was closed. */
    ModelLease successor(Limit limit) {
        if (!sequence.move(models, limit)) {
            throw new UnavailableException("the version that the sequence " + sequence.id() + " of " + sequence.model()
                    + " runs on has gone; it has to begin anew (sequence_start)");
        }
        return lease();
    }
}
