package forge.ai.runtime.monitoring;

import forge.ai.api.model.ModelListener;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.monitoring.Counter;
import forge.ai.api.monitoring.Histogram;
import forge.ai.api.monitoring.Metric.Kind;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.api.monitoring.Telemetry.Observation;
import forge.ai.api.monitoring.Telemetry.Observer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** How the models of the registry do. */
@Component(service = ModelListener.class, immediate = true)
public final class ModelMetrics implements ModelListener {

    static final String NAME = "forge.model.name";
    static final String VERSION = "forge.model.version";

    private record Key(String name, long version) {}

    private final Counter changes;
    private final Histogram loads;
    private final Observation states;
    /** Versions being loaded, and since when; as many as the repository has at most. */
    private final Map<Key, Instant> loading = new ConcurrentHashMap<>();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable ModelRegistry registry;

    @Activate
    public ModelMetrics(@Reference Telemetry to) {
        changes = to.counter("forge.model.changes", "{change}", "Changes of state of model versions");
        loads = to.histogram("forge.model.load.duration", "s", "Loading of model versions that became ready");
        states = to.observe(Kind.UP_DOWN_COUNTER, "forge.models", "{version}", "Model versions by state", this::states);
    }

    @Deactivate
    void deactivate() {
        states.close();
    }

    private void states(Observer now) {
        ModelRegistry models = registry;
        if (models == null) {
            return;
        }
        Map<ModelState, Integer> count = new EnumMap<>(ModelState.class);
        models.models().forEach(model -> count.merge(model.state(), 1, Integer::sum));
        for (ModelState state : ModelState.values()) {
            now.is(count.getOrDefault(state, 0), "forge.model.state", state.name());
        }
    }

    @Override
    public void changed(ModelStatus status) {
        changes.with(
                        NAME,
                        status.name(),
                        VERSION,
                        Long.toString(status.version()),
                        "forge.model.state",
                        status.state().name())
                .add(1);
        Key key = new Key(status.name(), status.version());
        if (status.state() == ModelState.LOADING) {
            loading.put(key, status.since());
            return;
        }
        Instant begun = loading.remove(key);
        if (begun != null && status.state() == ModelState.READY) {
            Duration took = Duration.between(begun, status.since());
            loads.with(NAME, status.name(), "forge.backend.name", status.backend())
                    .recordNanos(Math.max(0, took.toNanos()));
        }
    }
}
