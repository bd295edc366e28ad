package forge.ai.console.channel.client;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The terminal of this process, set by the command {@code stty}. */
final class Tty {

    private static final File DEVICE = new File("/dev/tty");
    private static final long LIMIT_SECONDS = 5;

    private Tty() {}

    /**
     * The size of a terminal.
     *
     * @param columns its width
     * @param rows its height
     */
    record Size(int columns, int rows) {}

    /** Whether both standard input and standard output are terminals. */
    static boolean interactive() throws IOException {
        return test("test -t 0 && test -t 1");
    }

    /** The size of the terminal that standard output is; empty where it is none. */
    static Optional<Size> output() {
        try {
            return test("test -t 1") ? size() : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean test(String condition) throws IOException {
        return end(new ProcessBuilder("sh", "-c", condition).inheritIO().start()) == 0;
    }

    static Optional<Size> size() throws IOException {
        String[] words = stty("size").split(" ");
        return words.length == 2 && words[0].matches("\\d{1,4}") && words[1].matches("\\d{1,4}")
                ? Optional.of(new Size(Integer.parseInt(words[1]), Integer.parseInt(words[0])))
                : Optional.empty();
    }

    /** Every key is handed on at once and as it is; returns what {@link #restore} takes. */
    static String raw() throws IOException {
        String before = stty("-g");
        stty("raw", "-echo");
        return before;
    }

    static void restore(String settings) throws IOException {
        stty(settings);
    }

    private static String stty(String... words) throws IOException {
        String[] command = new String[words.length + 1];
        command[0] = "stty";
        System.arraycopy(words, 0, command, 1, words.length);
        Process process = new ProcessBuilder(command)
                .redirectInput(DEVICE)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        if (end(process) != 0) {
            throw new IOException("the terminal cannot be set");
        }
        return output;
    }

    private static int end(Process process) throws IOException {
        try {
            if (process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        throw new IOException("the terminal does not answer");
    }
}
