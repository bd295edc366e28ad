package forge.ai.runtime.inference;

import forge.ai.api.NotFoundException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.Shadow;
import forge.ai.api.model.VersionSelector;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Lends several models, of which versions may be put on and taken off, and counts the holds on each version. */
final class Shelf implements ModelRegistry {

    final AtomicInteger leases = new AtomicInteger();
    private final Map<String, TreeMap<Long, Placed>> models = new ConcurrentHashMap<>();

    /** A version on the shelf. */
    static final class Placed {

        final AtomicInteger leases = new AtomicInteger();
        volatile boolean leaving;
        private final LoadedModel model;
        private final ModelConfig config;
        private final ModelStatus status;

        private Placed(LoadedModel model, ModelConfig config, ModelStatus status) {
            this.model = model;
            this.config = config;
            this.status = status;
        }

        ModelStatus status(ModelState state) {
            return new ModelStatus(
                    status.name(),
                    status.version(),
                    state,
                    "",
                    status.since(),
                    status.backend(),
                    Set.of(),
                    status.digest(),
                    status.folder(),
                    status.signature(),
                    1,
                    0);
        }
    }

    /** Puts a version there, in the place of what was there. */
    Placed put(String name, long version, String digest, LoadedModel model, ModelConfig config) {
        ModelStatus status = new ModelStatus(
                name,
                version,
                ModelState.READY,
                "",
                Instant.EPOCH,
                "test",
                Set.of(),
                digest,
                Path.of(name),
                Optional.of(model.signature()),
                1,
                0);
        Placed placed = new Placed(model, config, status);
        Placed before = models.computeIfAbsent(name, n -> new TreeMap<>()).put(version, placed);
        if (before != null) {
            before.leaving = true;
        }
        return placed;
    }

    void remove(String name, long version) {
        models.get(name).remove(version).leaving = true;
    }

    private Placed find(String name, VersionSelector version) {
        TreeMap<Long, Placed> versions = models.get(name);
        if (versions == null) {
            throw new NotFoundException("no model " + name + "; there are: " + models.keySet());
        }
        Placed found = switch (version) {
            case VersionSelector.Number(long number) -> versions.get(number);
            case VersionSelector.Label label -> null;
            case VersionSelector.Default any ->
                versions.isEmpty() ? null : versions.lastEntry().getValue();
        };
        if (found == null) {
            throw new UnavailableException(name + " " + version + " is not ready");
        }
        return found;
    }

    @Override
    public Path repository() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ModelStatus> models() {
        List<ModelStatus> all = new ArrayList<>();
        models.values().forEach(versions -> versions.values().forEach(placed -> all.add(placed.status)));
        return all;
    }

    @Override
    public ModelStatus model(String name, VersionSelector version) {
        return find(name, version).status;
    }

    @Override
    public ModelLease acquire(String name, VersionSelector version) {
        Placed placed = find(name, version);
        leases.incrementAndGet();
        placed.leases.incrementAndGet();
        AtomicBoolean open = new AtomicBoolean(true);
        return new ModelLease() {
            @Override
            public LoadedModel model() {
                return placed.model;
            }

            @Override
            public ModelStatus status() {
                return placed.status;
            }

            @Override
            public ModelConfig config() {
                return placed.config;
            }

            @Override
            public boolean leaving() {
                return placed.leaving;
            }

            @Override
            public void close() {
                if (open.compareAndSet(true, false)) {
                    leases.decrementAndGet();
                    placed.leases.decrementAndGet();
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
        return find(name, VersionSelector.DEFAULT).config;
    }

    @Override
    public void traffic(String name, Map<String, Integer> weights) {}

    @Override
    public void shadow(String name, Shadow shadow) {}

    @Override
    public void scale(String name, long version, int instances) {
        throw new UnsupportedOperationException();
    }
}
