package forge.ai.runtime.inference;

import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.model.ModelStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The lanes of all model versions, with the threads that compute for them. */
final class Lanes implements AutoCloseable {

    private record Key(String model, long version) {

        static Key of(ModelStatus status) {
            return new Key(status.name(), status.version());
        }
    }

    /** Replaced as a whole: nobody waits for a lock while he holds a model. */
    private final AtomicReference<Map<Key, Lane>> lanes = new AtomicReference<>(Map.of());

    private final Supplier<Settings> settings;
    private final Watchdog watchdog = new Watchdog();
    private final Workers workers = new Workers();

    Lanes(Supplier<Settings> settings) {
        this.settings = settings;
        watchdog.start();
    }

    Lane of(ModelStatus status) {
        Key key = Key.of(status);
        Lane known = lanes.get().get(key);
        return known != null ? known : made(key);
    }

    private Lane made(Key key) {
        Lane fresh = lane(key);
        Map<Key, Lane> now = lanes.updateAndGet(before -> {
            Map<Key, Lane> next = new HashMap<>(before);
            next.putIfAbsent(key, fresh);
            return Map.copyOf(next);
        });
        return now.get(key);
    }

    private Lane lane(Key key) {
        return new Lane(key.model() + " version " + key.version(), settings, Time.REAL, workers, watchdog);
    }

    int waiting(String model, long version) {
        Lane lane = lanes.get().get(new Key(model, version));
        return lane == null ? 0 : lane.waiting();
    }

    /** Whether any request waits for a computation. */
    boolean waiting() {
        return lanes.get().values().stream().anyMatch(lane -> lane.waiting() > 0);
    }

    /** The statistics of a version, also of one that nothing was asked of yet. */
    InferenceStatistics statistics(ModelStatus status) {
        Key key = Key.of(status);
        Lane known = lanes.get().get(key);
        Lane lane = known == null ? lane(key) : known;
        return lane.counters().snapshot(key.model(), key.version(), lane.load());
    }

    /** What was learned of a version is worth nothing when it has left; calls that are on their way still go theirs. */
    void forget(ModelStatus status) {
        lanes.updateAndGet(before -> {
            Map<Key, Lane> next = new HashMap<>(before);
            next.remove(Key.of(status));
            return Map.copyOf(next);
        });
    }

    @Override
    public void close() {
        watchdog.close();
        workers.close();
    }
}
