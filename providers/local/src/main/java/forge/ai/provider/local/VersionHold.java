package forge.ai.provider.local;

import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;

/** A hold on one version of a model, so that a sequence ends with the version that it began with. */
final class VersionHold implements AutoCloseable {

    private final Lease<ModelRegistry> registry;
    private final ModelLease model;

    private VersionHold(Lease<ModelRegistry> registry, ModelLease model) {
        this.registry = registry;
        this.model = model;
    }

    /** Takes hold of the version that serves now. */
    static VersionHold on(LeaseRouter<ModelRegistry> registries, String name) {
        Lease<ModelRegistry> registry =
                registries.acquire().orElseThrow(() -> new UnavailableException("there is no model registry"));
        try {
            return new VersionHold(registry, registry.service().acquire(name, VersionSelector.DEFAULT));
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    ModelStatus status() {
        return model.status();
    }

    LoadedModel model() {
        return model.model();
    }

    @Override
    public void close() {
        model.close();
        registry.close();
    }
}
