package forge.ai.runtime.inference;

import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelStatus;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A hold on a model that a sequence and its requests share: given back when the sequence has let go and the last of its
 * requests is through, also one whose caller has left.
 */
final class SharedLease {

    private final ModelLease held;
    private final AtomicInteger holds = new AtomicInteger(1);

    SharedLease(ModelLease held) {
        this.held = held;
    }

    ModelStatus status() {
        return held.status();
    }

    ModelConfig config() {
        return held.config();
    }

    /** Whether the model makes room for another one. */
    boolean leaving() {
        return held.leaving();
    }

    /** One more hold; to be taken before the sequence lets go. */
    ModelLease share() {
        holds.incrementAndGet();
        return new Share();
    }

    /** The sequence lets go; once. */
    void release() {
        if (holds.decrementAndGet() == 0) {
            held.close();
        }
    }

    private final class Share implements ModelLease {

        private final AtomicBoolean open = new AtomicBoolean(true);

        @Override
        public LoadedModel model() {
            return held.model();
        }

        @Override
        public ModelStatus status() {
            return held.status();
        }

        @Override
        public ModelConfig config() {
            return held.config();
        }

        @Override
        public boolean leaving() {
            return held.leaving();
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                release();
            }
        }
    }
}
