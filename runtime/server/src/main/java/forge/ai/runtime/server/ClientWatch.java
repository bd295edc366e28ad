package forge.ai.runtime.server;

import forge.ai.runtime.support.serving.Call;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Notices within a tenth of a second that a client has left while its answer was being made, however silent both sides
 * are. Calls that are over sooner cost it no more than an entry in a set.
 */
final class ClientWatch implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(25);

    /** Calls younger than this are not watched: most are over by then, and watching costs a turn of the selector. */
    private static final Duration YOUNG = Duration.ofMillis(40);

    private final Set<ClientConnection> young = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("forge-server-clients").factory());

    ClientWatch() {
        timer.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * To be called when the request has been read to its end; {@link #remove} must follow before the call returns.
     *
     * @param call is given up when the client is gone
     */
    ClientConnection add(HttpServletRequest request, Call call) {
        ClientConnection connection = new ClientConnection(request, call);
        young.add(connection);
        return connection;
    }

    void remove(ClientConnection connection) {
        young.remove(connection);
        connection.close();
    }

    private void look() {
        long before = System.nanoTime() - YOUNG.toNanos();
        for (ClientConnection connection : young) {
            if (connection.since() - before < 0) {
                young.remove(connection);
                connection.watch();
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
