package forge.ai.console.channel;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jline.terminal.Terminal;

/** Makes sessions of the command processor, with the variables that the commands of gogo.jline look for. */
final class Sessions {

    private final CommandProcessor processor;

    Sessions(CommandProcessor processor) {
        this.processor = processor;
    }

    CommandSession open(InputStream in, OutputStream out, OutputStream err, Terminal terminal, Path folder) {
        CommandSession session = processor.createSession(in, out, err);
        session.currentDir(folder);
        session.put(Shell.VAR_SCOPE, "ai:*");
        session.put(Shell.VAR_TERMINAL, terminal);
        session.put(Shell.VAR_PROCESSOR, processor);
        session.put(Shell.VAR_SESSION, session);
        session.put("#TERM", (Function) (s, words) -> terminal.getType());
        session.put("#COLUMNS", (Function) (s, words) -> terminal.getWidth());
        session.put("#LINES", (Function) (s, words) -> terminal.getHeight());
        session.put("#PWD", (Function) (s, words) -> s.currentDir().toString());
        return session;
    }
}
