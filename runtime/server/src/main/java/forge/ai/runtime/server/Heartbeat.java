package forge.ai.runtime.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Has streams that are silent say so, which keeps proxies and clients from giving them up, and shows when a client is
 * gone.
 */
final class Heartbeat implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(250);

    private final Set<BodyStream> streams = ConcurrentHashMap.newKeySet();
    private final Supplier<Duration> silence;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("forge-server-heartbeat").factory());

    /** @param silence after which a stream is to say something */
    Heartbeat(Supplier<Duration> silence) {
        this.silence = silence;
        timer.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    void add(BodyStream stream) {
        streams.add(stream);
    }

    void remove(BodyStream stream) {
        streams.remove(stream);
    }

    private void look() {
        long before = System.nanoTime() - silence.get().toNanos();
        for (BodyStream stream : streams) {
            if (stream.silentSince(before)) {
                // A thread of its own, because writing to a slow reader blocks.
                Thread.ofVirtual().name("forge-server-heartbeat").start(() -> stream.beat(before));
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
