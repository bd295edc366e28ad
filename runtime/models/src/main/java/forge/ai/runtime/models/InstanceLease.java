package forge.ai.runtime.models;

import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelStatus;
import forge.ai.runtime.support.lease.LeasedService;
import java.util.concurrent.atomic.AtomicBoolean;

/** A call's hold on an {@link Instance}. */
final class InstanceLease extends AtomicBoolean implements ModelLease {

    private static final long serialVersionUID = 1L;

    private final transient LeasedService<LoadedModel> leased;
    private final transient ModelStatus status;
    private final transient ModelConfig config;

    InstanceLease(LeasedService<LoadedModel> leased, ModelStatus status, ModelConfig config) {
        this.leased = leased;
        this.status = status;
        this.config = config;
    }

    @Override
    public LoadedModel model() {
        return leased.service();
    }

    @Override
    public ModelStatus status() {
        return status;
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public void close() {
        if (compareAndSet(false, true)) {
            leased.leave();
        }
    }
}
