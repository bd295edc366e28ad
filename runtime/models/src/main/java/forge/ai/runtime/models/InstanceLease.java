package forge.ai.runtime.models;

import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelStatus;
import java.util.concurrent.atomic.AtomicBoolean;

/** A call's hold on an {@link Instance}. */
final class InstanceLease extends AtomicBoolean implements ModelLease {

    private static final long serialVersionUID = 1L;

    private final transient Instance instance;
    private final transient ModelStatus status;
    private final transient ModelConfig config;

    InstanceLease(Instance instance, ModelStatus status, ModelConfig config) {
        this.instance = instance;
        this.status = status;
        this.config = config;
    }

    @Override
    public LoadedModel model() {
        return instance.loaded();
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
    public boolean leaving() {
        return instance.gate().closed();
    }

    @Override
    public void close() {
        if (compareAndSet(false, true)) {
            instance.gate().leave();
        }
    }
}
