package forge.ai.console.channel;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a client asks for in its first line. */
sealed interface Greeting {

    /** What relative paths begin at. */
    Path folder();

    /**
     * One command.
     *
     * @param columns how wide tables may be; 0 for any width
     */
    record Exec(int columns, Path folder) implements Greeting {}

    /**
     * A shell.
     *
     * @param columns of the client's terminal
     * @param rows of the client's terminal
     * @param term its type, as terminfo names it
     */
    record Shell(int columns, int rows, String term, Path folder) implements Greeting {}

    /**
     * Reads a first line.
     *
     * @throws IOException if it is none that this runtime knows
     */
    static Greeting parse(String line) throws IOException {
        String[] words = line.split(" ");
        if (words[0].equals("exec") && words.length == 3) {
            return new Exec(number(words[1]), path(words[2]));
        }
        if (words[0].equals("shell") && words.length == 5) {
            // The type becomes an argument of infocmp where jline does not know it.
            String term = words[3].matches("[A-Za-z0-9][A-Za-z0-9.+_-]{0,39}") ? words[3] : "ansi";
            return new Shell(number(words[1]), number(words[2]), term, path(words[4]));
        }
        throw new IOException(
                "the runtime does not know '" + words[0] + "'; launcher and runtime are of different versions");
    }

    private static int number(String text) throws IOException {
        if (!text.matches("\\d{1,4}")) {
            throw new IOException("a size has to be a whole number below 10000");
        }
        return Integer.parseInt(text);
    }

    private static Path path(String text) throws IOException {
        try {
            Path path = Path.of(URLDecoder.decode(text, StandardCharsets.UTF_8));
            // It may be gone, or be that of another container.
            return path.isAbsolute() && Files.isDirectory(path)
                    ? path
                    : Path.of("").toAbsolutePath();
        } catch (IllegalArgumentException e) {
            throw new IOException("the working folder is no path");
        }
    }
}
