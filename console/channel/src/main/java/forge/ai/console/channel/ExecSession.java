package forge.ai.console.channel;

import forge.ai.console.channel.client.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One command in a session of its own; a client that closes cancels it. */
final class ExecSession {

    private static final Logger LOG = LoggerFactory.getLogger(ExecSession.class);
    private static final long CANCEL_SECONDS = 10;

    private final Client client;
    private final CommandSession session;
    private final PrintStream out;
    private final PrintStream err;

    ExecSession(Client client, Sessions sessions, Greeting.Exec greeting) throws IOException {
        this.client = client;
        this.out = print(Frame.Kind.OUTPUT);
        this.err = print(Frame.Kind.ERROR);
        // Some commands ask a terminal how to colour; this one knows no colours.
        LineDisciplineTerminal terminal =
                new LineDisciplineTerminal("exec", Terminal.TYPE_DUMB, out, StandardCharsets.UTF_8);
        terminal.setSize(new Size(greeting.columns(), 0));
        this.session = sessions.open(InputStream.nullInputStream(), out, err, terminal, greeting.folder());
    }

    private PrintStream print(Frame.Kind kind) {
        return new PrintStream(client.outbox().stream(kind), true, StandardCharsets.UTF_8);
    }

    /** Runs the command and returns once it is through, or cancelled. */
    void run(String command) throws InterruptedException {
        Thread runner = new Thread(() -> answer(command), "forge-console-exec");
        runner.setDaemon(true);
        runner.start();
        try {
            awaitEnd();
        } finally {
            // Interrupts what is still running.
            session.close();
            runner.join(TimeUnit.SECONDS.toMillis(CANCEL_SECONDS));
            if (runner.isAlive()) {
                LOG.warn("a cancelled command is still running after {} s", CANCEL_SECONDS);
            }
        }
    }

    /** The channel ends when the answer is complete, and when the client goes. */
    private void awaitEnd() {
        try {
            Optional<Frame> frame;
            do {
                frame = client.read();
            } while (frame.isPresent());
        } catch (IOException e) {
            // Closed by the other thread, or broken: an end as well.
        }
    }

    private void answer(String command) {
        try {
            client.outbox().finish(execute(command));
        } catch (InterruptedException e) {
            LOG.debug("a command was cancelled");
        } finally {
            client.close();
        }
    }

    private int execute(String command) {
        ExitStatus status = new ExitStatus();
        session.setJobListener(status);
        try {
            Object result = session.execute(command);
            if (result != null) {
                out.println(session.format(result, Converter.INSPECT));
            }
            return status.value();
        } catch (Exception e) {
            LOG.debug("a command failed", e);
            err.println("error: " + OneLine.of(e));
            return 1;
        }
    }
}
