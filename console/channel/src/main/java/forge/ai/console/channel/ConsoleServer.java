package forge.ai.console.channel;

import forge.ai.console.channel.client.Frame;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.felix.service.command.CommandProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes in clients, at most so many at a time, and gives each what its first line asks for. */
final class ConsoleServer implements AutoCloseable {

    /** The most clients at a time. */
    static final int CLIENTS = 16;

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);
    private static final int GREETING_SECONDS = 10;
    private static final int CLOSE_SECONDS = 15;
    private static final int IDLE_SECONDS = 5;

    private final Sessions sessions;
    private final Path data;
    private final ListeningSocket socket;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons("forge-console"));
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(daemons("forge-console-clock"));
    private volatile boolean closed;

    ConsoleServer(Path data, CommandProcessor processor) throws IOException {
        this.sessions = new Sessions(processor);
        this.data = data;
        this.socket = ListeningSocket.open(data);
        threads.execute(this::accept);
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private void accept() {
        while (!closed) {
            try {
                take(socket.accept());
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    LOG.warn("a client of the console could not be taken in; the next one may", e);
                    // Where file descriptors are short, trying at once would only fail again.
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                }
            }
        }
    }

    private void take(SocketChannel channel) {
        Client client = new Client(channel);
        boolean free = clients.size() < CLIENTS;
        if (free) {
            clients.add(client);
        }
        threads.execute(() -> serve(client, free));
    }

    private void serve(Client client, boolean free) {
        try (client) {
            if (free) {
                greet(client);
            } else {
                client.refuse("the runtime serves " + CLIENTS + " consoles already; try again when one is through");
            }
        } catch (IOException e) {
            LOG.debug("a client is gone", e);
        } catch (InterruptedException e) {
            LOG.debug("the console is being stopped");
        } catch (RuntimeException e) {
            LOG.error("a client of the console was not served", e);
        } finally {
            clients.remove(client);
        }
    }

    private void greet(Client client) throws IOException, InterruptedException {
        Future<?> limit = clock.schedule(client::close, GREETING_SECONDS, TimeUnit.SECONDS);
        Greeting greeting;
        try {
            greeting = Greeting.parse(client.header());
        } catch (IOException e) {
            client.refuse(e.getMessage());
            return;
        }
        if (greeting instanceof Greeting.Exec exec) {
            Frame command = client.read().orElseThrow(() -> new IOException("no command"));
            limit.cancel(false);
            new ExecSession(client, sessions, exec).run(new String(command.data(), StandardCharsets.UTF_8));
        } else if (greeting instanceof Greeting.Shell shell) {
            limit.cancel(false);
            new ShellSession(client, sessions, shell, data.resolve("shell-history")).run();
        }
    }

    /** Takes in no more clients, cancels what they wait for, and waits for that, bounded. */
    @Override
    public void close() throws IOException {
        closed = true;
        socket.close();
        clients.forEach(Client::close);
        threads.shutdown();
        clock.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a command of the console is still running");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
