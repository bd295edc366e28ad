package forge.ai.runtime.inference;

import forge.ai.api.UnavailableException;
import forge.ai.api.model.Instances;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models of the registry, whichever serves just now. */
final class Models {

    private final LeaseRouter<ModelRegistry> registries = new LeaseRouter<>();

    void add(ModelRegistry registry, Map<String, ?> properties) {
        registries.add(registry, properties);
    }

    void remove(ModelRegistry registry) {
        registries.remove(registry);
    }

    /** A hold on a loaded model; throws what {@link ModelRegistry#acquire} does, and what ends the request. */
    ModelLease acquire(String model, VersionSelector version, Limit limit) {
        limit.check(model);
        try (Lease<ModelRegistry> registry = registries
                .acquire()
                .orElseThrow(() -> new UnavailableException("the model registry is not there; is it being started?"))) {
            return registry.service().acquire(model, version);
        } catch (UnavailableException e) {
            limit.check(model);
            throw e;
        }
    }

    /** The versions that serve; none while there is no registry. */
    List<ModelStatus> ready() {
        return registries
                .acquire()
                .map(registry -> {
                    try (registry) {
                        return registry.service().models();
                    }
                })
                .orElse(List.of())
                .stream()
                .filter(status -> status.state() == ModelState.READY)
                .toList();
    }

    /** How many instances a version of a model may have; empty while there is no registry. */
    Optional<Instances> instances(String model) {
        return registries.acquire().map(registry -> {
            try (registry) {
                return registry.service().config(model).serving().instances();
            }
        });
    }

    /** Asks for another number of instances. */
    void scale(String model, long version, int instances) {
        registries.acquire().ifPresent(registry -> {
            try (registry) {
                registry.service().scale(model, version, instances);
            }
        });
    }
}
