package forge.ai.console.channel.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import sun.misc.Signal;

/** The shell of the runtime of a home folder, in the terminal of this process. */
public final class ShellClient {

    private static final Tty.Size USUAL = new Tty.Size(80, 24);

    private final Connection connection;

    private ShellClient(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens the shell and returns when it ends.
     *
     * @param home the home folder of a running runtime
     * @param in standard input, which has to be a terminal
     * @return the exit status: 0, or 1 with one line on {@code err} that says why
     */
    public static int shell(Path home, InputStream in, PrintStream out, PrintStream err) {
        try {
            if (!Tty.interactive()) {
                err.println("error: the shell needs a terminal; forge exec runs a single command");
                return 1;
            }
            Tty.Size size = Tty.size().orElse(USUAL);
            String term = Optional.ofNullable(System.getenv("TERM")).orElse("ansi");
            String header = "shell " + size.columns() + " " + size.rows() + " " + term.replace(' ', '_') + " "
                    + Connection.folder();
            try (Connection connection = Connection.open(home, header)) {
                return new ShellClient(connection).run(in, out, err);
            }
        } catch (NoRuntimeException e) {
            err.println(e.getMessage());
            return 1;
        } catch (IOException e) {
            err.println("error: " + e.getMessage());
            return 1;
        }
    }

    private int run(InputStream in, PrintStream out, PrintStream err) throws IOException {
        String settings = Tty.raw();
        Thread restore = new Thread(() -> restore(settings));
        Runtime.getRuntime().addShutdownHook(restore);
        try {
            Signal.handle(new Signal("WINCH"), signal -> resize());
            Thread typing = new Thread(() -> type(in), "forge-console-typing");
            typing.setDaemon(true);
            typing.start();
            return ExecClient.copy(connection, out, err);
        } finally {
            restore(settings);
            Runtime.getRuntime().removeShutdownHook(restore);
        }
    }

    private void type(InputStream in) {
        byte[] buffer = new byte[4096];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                connection.write(Frame.Kind.INPUT, Arrays.copyOf(buffer, read));
            }
        } catch (IOException e) {
            // The shell has ended.
        }
    }

    private void resize() {
        try {
            Tty.Size size = Tty.size().orElse(USUAL);
            byte[] data = ByteBuffer.allocate(4)
                    .putShort((short) size.columns())
                    .putShort((short) size.rows())
                    .array();
            connection.write(Frame.Kind.SIZE, data);
        } catch (IOException e) {
            // The old size stays, or the shell has ended.
        }
    }

    private static void restore(String settings) {
        try {
            Tty.restore(settings);
        } catch (IOException e) {
            // The terminal is gone.
        }
    }
}
