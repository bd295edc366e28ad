package forge.ai.runtime.inference;

import forge.ai.api.model.ModelStatus;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The lanes of all model versions, with the threads that compute for them. */
final class Lanes implements AutoCloseable {

    private record Key(String model, long version) {}

    private final ConcurrentHashMap<Key, Lane> lanes = new ConcurrentHashMap<>();
    private final Supplier<Settings> settings;
    private final Watchdog watchdog = new Watchdog();
    // Bounded by the slots of the lanes: platform threads, for a call into native code would hold up a virtual one's
    // carrier.
    private final ExecutorService workers = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("inference ", 1).factory());

    Lanes(Supplier<Settings> settings) {
        this.settings = settings;
        watchdog.start();
    }

    Lane of(ModelStatus status) {
        Key key = new Key(status.name(), status.version());
        Lane known = lanes.get(key);
        return known != null ? known : lanes.computeIfAbsent(key, this::lane);
    }

    private Lane lane(Key key) {
        return new Lane(key.model() + " version " + key.version(), settings, workers, watchdog);
    }

    int waiting(String model, long version) {
        Lane lane = lanes.get(new Key(model, version));
        return lane == null ? 0 : lane.waiting();
    }

    /** What was learned of a version is worth nothing when it has left; calls that are on their way still go theirs. */
    void forget(ModelStatus status) {
        lanes.remove(new Key(status.name(), status.version()));
    }

    @Override
    public void close() {
        watchdog.close();
        workers.shutdown();
        try {
            workers.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
