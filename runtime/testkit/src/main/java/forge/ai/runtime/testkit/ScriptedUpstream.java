package forge.ai.runtime.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 server on the loopback address that does to each request what the test says, good or bad. */
public final class ScriptedUpstream implements AutoCloseable {

    /** What to do with one request. */
    @FunctionalInterface
    public interface Script {
        void answer(ScriptedExchange exchange) throws Exception;
    }

    /** What to do with a connection before its first request is read. */
    @FunctionalInterface
    public interface Greeting {
        void greet(Socket socket) throws IOException;
    }

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<ScriptedExchange> requests = new CopyOnWriteArrayList<>();
    private volatile Script script = exchange -> exchange.answer(404, "text/plain", "no script");
    private volatile Greeting greeting = socket -> {};

    public ScriptedUpstream() {
        try {
            server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** What to do with the requests from now on. */
    public void script(Script value) {
        script = value;
    }

    /** What to do with the connections taken from now on. */
    public void greeting(Greeting value) {
        greeting = value;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Connections taken so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Connections that are open now. */
    public int open() {
        return open.size();
    }

    /** The requests so far; may be cleared. */
    public List<ScriptedExchange> requests() {
        return requests;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                open.add(socket);
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            greeting.greet(socket);
            boolean more = true;
            while (more) {
                @Nullable ScriptedExchange exchange = ScriptedExchange.read(socket);
                if (exchange == null) {
                    return;
                }
                requests.add(exchange);
                script.answer(exchange);
                more = exchange.reusable();
            }
        } catch (Exception e) {
            // The client went away, or the script wanted it so; the test sees the client's side.
        } finally {
            open.remove(socket);
        }
    }

    /** Breaks a connection with a reset. */
    public static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
        try {
            threads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
