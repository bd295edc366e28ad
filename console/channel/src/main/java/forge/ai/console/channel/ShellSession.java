package forge.ai.console.channel;

import forge.ai.console.channel.client.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Terminal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A shell for a client with a terminal, until one of them ends it. */
final class ShellSession {

    private static final Logger LOG = LoggerFactory.getLogger(ShellSession.class);
    private static final long CANCEL_SECONDS = 10;

    private final Client client;
    private final RemoteTerminal remote;
    private final CommandSession session;
    private final CommandLoop loop;
    private volatile boolean ending;

    ShellSession(Client client, Sessions sessions, Greeting.Shell greeting, Path history) throws IOException {
        this.client = client;
        this.remote = new RemoteTerminal(client.outbox(), greeting);
        Terminal terminal = remote.terminal();
        this.session =
                sessions.open(terminal.input(), terminal.output(), terminal.output(), terminal, greeting.folder());
        this.loop = new CommandLoop(terminal, session, history);
    }

    /** Returns once the shell has ended, or the client is gone and what he ran is cancelled. */
    void run() throws InterruptedException {
        Thread runner = new Thread(this::loop, "forge-console-shell");
        runner.setDaemon(true);
        runner.start();
        try {
            listen();
        } finally {
            ending = true;
            session.close();
            remote.close();
            runner.join(TimeUnit.SECONDS.toMillis(CANCEL_SECONDS));
            if (runner.isAlive()) {
                LOG.warn("a cancelled command is still running after {} s", CANCEL_SECONDS);
            }
        }
    }

    private void listen() {
        try {
            for (Optional<Frame> frame = client.read(); frame.isPresent(); frame = client.read()) {
                remote.accept(frame.get());
            }
        } catch (IOException | IllegalStateException e) {
            // Closed by the other thread, or broken: an end as well.
        }
    }

    private void loop() {
        try {
            loop.run();
            client.outbox().finish(0);
        } catch (InterruptedException e) {
            LOG.debug("a shell was ended");
        } catch (RuntimeException e) {
            if (!ending) {
                LOG.error("a shell has failed", e);
            }
            // Otherwise the line reader met the closed terminal while it tidied up.
        } finally {
            client.close();
        }
    }
}
