package forge.ai.console.shell;

import forge.ai.runtime.support.json.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;

/** Where a command's answer goes: the terminal, or the next command of a pipe. */
final class Output {

    private static final int DEFAULT_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 20;

    private final PrintStream out;
    private final PrintStream err;
    private final int columns;

    Output(PrintStream out, PrintStream err, int columns) {
        this.out = out;
        this.err = err;
        this.columns = columns;
    }

    /** That of the command which this thread runs. */
    static Output of(CommandSession session) {
        Process process = Process.Utils.current();
        if (process == null) {
            return new Output(session.getConsole(), session.getConsole(), width(session));
        }
        return new Output(process.out(), process.err(), process.isTty(1) ? width(session) : Integer.MAX_VALUE);
    }

    private static int width(CommandSession session) {
        Object columns = session.get("COLUMNS");
        if (columns instanceof Number number) {
            return number.intValue() <= 0 ? Integer.MAX_VALUE : Math.max(LEAST_COLUMNS, number.intValue());
        }
        return DEFAULT_COLUMNS;
    }

    /** How many columns a line may have. */
    int columns() {
        return columns;
    }

    void line(String text) {
        out.println(text);
    }

    /** A piece of a text from outside, shown at once; to a terminal without what would control it. */
    void piece(String text) {
        out.print(columns == Integer.MAX_VALUE ? text : text.replaceAll("[\\p{Cc}&&[^\n\t]]", ""));
        out.flush();
    }

    /** Whether a person sees it as it comes. */
    boolean terminal() {
        return columns != Integer.MAX_VALUE;
    }

    /** On a terminal, a text in place of the line that is being shown; without line ends, cut at the width. */
    void over(String text) {
        String cut = text.substring(0, Math.min(text.length(), columns - 1));
        out.print("\r" + cut + " ".repeat(columns - 1 - cut.length()));
        out.flush();
    }

    /** A line that is not part of the answer. */
    void note(String text) {
        err.println(text);
    }

    /** One document in one line. */
    void json(Json.Document document) {
        line(new String(Json.write(document), StandardCharsets.UTF_8));
    }

    /** Whether nobody reads any more. */
    boolean broken() {
        return out.checkError();
    }
}
