package forge.ai.console.channel.client;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Runs one shell command in the runtime of a home folder. */
public final class ExecClient {

    private ExecClient() {}

    /**
     * Runs a command and hands on what it prints as it comes; killing this process cancels it.
     *
     * @param home the home folder of a running runtime
     * @param columns how wide tables may be; 0 for any width
     * @return the exit status: 0, or 1 with one line on {@code err} that says why
     */
    public static int exec(Path home, String command, int columns, PrintStream out, PrintStream err) {
        byte[] bytes = command.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Frame.COMMAND_LIMIT) {
            err.println("error: a command has at most " + Frame.COMMAND_LIMIT + " bytes");
            return 1;
        }
        try (Connection connection =
                Connection.open(home, "exec " + Math.max(0, Math.min(9999, columns)) + " " + Connection.folder())) {
            send(connection, bytes);
            return copy(connection, out, err);
        } catch (NoRuntimeException e) {
            err.println(e.getMessage());
            return 1;
        } catch (IOException e) {
            err.println("error: " + e.getMessage());
            return 1;
        }
    }

    /** As the other, with the width of the terminal that standard output is; of any width where it is none. */
    public static int exec(Path home, String command, PrintStream out, PrintStream err) {
        return exec(home, command, Tty.output().map(Tty.Size::columns).orElse(0), out, err);
    }

    private static void send(Connection connection, byte[] command) {
        try {
            connection.write(Frame.Kind.COMMAND, command);
        } catch (IOException e) {
            // The runtime closed early; what it said before that tells why.
        }
    }

    static int copy(Connection connection, PrintStream out, PrintStream err) throws IOException {
        while (true) {
            Optional<Frame> frame = connection.read();
            if (frame.isEmpty()) {
                err.println("error: the runtime stopped before the command was through");
                return 1;
            }
            byte[] data = frame.get().data();
            switch (frame.get().kind()) {
                case OUTPUT -> write(out, data);
                case ERROR -> write(err, data);
                case EXIT -> {
                    return data.length == 1 ? data[0] : 1;
                }
                default ->
                    throw new IOException(
                            "the runtime sent a frame " + frame.get().kind());
            }
        }
    }

    private static void write(PrintStream stream, byte[] data) throws IOException {
        stream.write(data, 0, data.length);
        stream.flush();
        if (stream.checkError()) {
            throw new IOException("the output was closed");
        }
    }
}
