package forge.ai.runtime.inference;

import forge.ai.api.model.ModelStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The lanes of all model versions, with the threads that compute for them. */
final class Lanes implements AutoCloseable {

    private record Key(String model, long version) {}

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
        Key key = new Key(status.name(), status.version());
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
        return new Lane(key.model() + " version " + key.version(), settings, workers, watchdog);
    }

    int waiting(String model, long version) {
        Lane lane = lanes.get().get(new Key(model, version));
        return lane == null ? 0 : lane.waiting();
    }

    /** What was learned of a version is worth nothing when it has left; calls that are on their way still go theirs. */
    void forget(ModelStatus status) {
        lanes.updateAndGet(before -> {
            Map<Key, Lane> next = new HashMap<>(before);
            next.remove(new Key(status.name(), status.version()));
            return Map.copyOf(next);
        });
    }

    @Override
    public void close() {
        watchdog.close();
        workers.close();
    }
}
