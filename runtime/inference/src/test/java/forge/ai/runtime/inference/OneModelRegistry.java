package forge.ai.runtime.inference;

import forge.ai.api.NotFoundException;
import forge.ai.api.model.Batching;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.Shadow;
import forge.ai.api.model.VersionPolicy;
import forge.ai.api.model.VersionSelector;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Lends one model, named {@code m}, and counts the holds on it. */
final class OneModelRegistry implements ModelRegistry {

    final AtomicInteger leases = new AtomicInteger();
    volatile LoadedModel model;
    private final ModelConfig config;

    OneModelRegistry(LoadedModel model, Batching batching) {
        this.model = model;
        this.config = new ModelConfig("rows", new VersionPolicy.Latest(1), Map.of(), batching, "cpu", Map.of());
    }

    ModelStatus status(ModelState state) {
        return status(model, state);
    }

    private static ModelStatus status(LoadedModel held, ModelState state) {
        return new ModelStatus(
                "m",
                3,
                state,
                "",
                Instant.EPOCH,
                "rows",
                Set.of(),
                "",
                Path.of("m"),
                Optional.of(held.signature()),
                1,
                0);
    }

    @Override
    public Path repository() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ModelStatus> models() {
        return List.of(status(ModelState.READY));
    }

    @Override
    public ModelStatus model(String name, VersionSelector version) {
        return status(ModelState.READY);
    }

    @Override
    public ModelLease acquire(String name, VersionSelector version) {
        if (!name.equals("m")) {
            throw new NotFoundException("no model " + name + "; there are: [m]");
        }
        leases.incrementAndGet();
        LoadedModel held = model;
        ModelStatus status = status(held, ModelState.READY);
        AtomicBoolean open = new AtomicBoolean(true);
        return new ModelLease() {
            @Override
            public LoadedModel model() {
                return held;
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
                if (open.compareAndSet(true, false)) {
                    leases.decrementAndGet();
                }
            }
        };
    }

    @Override
    public void load(String name) {}

    @Override
    public void unload(String name) {}

    @Override
    public void label(String name, String label, long version) {}

    @Override
    public ModelConfig config(String name) {
        return config;
    }

    @Override
    public void traffic(String name, Map<String, Integer> weights) {}

    @Override
    public void shadow(String name, Shadow shadow) {}

    @Override
    public void scale(String name, long version, int instances) {}
}
