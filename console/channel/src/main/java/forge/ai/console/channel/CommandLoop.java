package forge.ai.console.channel;

import java.io.IOError;
import java.nio.file.Path;
import java.util.Set;
import org.apache.felix.gogo.jline.Parser;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads lines with editing, history and completion, and runs them, until the end of input or {@code exit}. */
final class CommandLoop {

    private static final Logger LOG = LoggerFactory.getLogger(CommandLoop.class);
    private static final Set<String> ENDS = Set.of("exit", "quit", "logout");

    /** Lines that may hold a secret are not kept. */
    private static final String NOT_KEPT = "*config*=*:*key-create*";

    private final Terminal terminal;
    private final CommandSession session;
    private final LineReader reader;

    CommandLoop(Terminal terminal, CommandSession session, Path history) {
        this.terminal = terminal;
        this.session = session;
        this.reader = LineReaderBuilder.builder()
                .appName("forge")
                .terminal(terminal)
                .parser(new Parser())
                .completer(new CommandCompleter(session))
                .variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.HISTORY_IGNORE, NOT_KEPT)
                .variable(LineReader.HISTORY_SIZE, 1000)
                .variable(LineReader.HISTORY_FILE_SIZE, 1000)
                // Texts for models may hold exclamation marks.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        session.put(Shell.VAR_READER, reader);
    }

    void run() {
        terminal.handle(Terminal.Signal.INT, signal -> interrupt());
        String prompt = new AttributedString("forge> ", AttributedStyle.BOLD).toAnsi(terminal);
        while (true) {
            try {
                String line = reader.readLine(prompt);
                if (ENDS.contains(line.strip())) {
                    return;
                }
                execute(line);
            } catch (UserInterruptException e) {
                // Ctrl-C drops the line.
            } catch (EndOfFileException | IOError e) {
                return;
            }
        }
    }

    private void interrupt() {
        Job job = session.foregroundJob();
        if (job != null) {
            job.interrupt();
        }
    }

    private void execute(String line) {
        try {
            Object result = session.execute(line);
            if (result != null) {
                terminal.writer().println(session.format(result, Converter.INSPECT));
            }
        } catch (InterruptedException e) {
            show("cancelled");
        } catch (Exception e) {
            LOG.debug("a command failed", e);
            show("error: " + OneLine.of(e));
        }
        terminal.flush();
    }

    private void show(String line) {
        terminal.writer()
                .println(new AttributedString(line, AttributedStyle.DEFAULT.foreground(AttributedStyle.RED))
                        .toAnsi(terminal));
    }
}
