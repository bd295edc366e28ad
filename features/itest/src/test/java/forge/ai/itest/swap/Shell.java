package forge.ai.itest.swap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.console.channel.client.ExecClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The shell of a running runtime, through its socket. */
final class Shell {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COLUMNS = 400;

    private final Path home;

    Shell(Path home) {
        this.home = home;
    }

    String run(String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = ExecClient.exec(
                home,
                command,
                COLUMNS,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new AssertionError(command + ": " + err.toString(StandardCharsets.UTF_8));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    List<JsonNode> list(String command) {
        List<JsonNode> all = new ArrayList<>();
        try {
            JSON.readTree(run(command + " --json")).forEach(all::add);
        } catch (IOException e) {
            throw new AssertionError(command, e);
        }
        return all;
    }

    /** Whether a bundle of that version is in force. */
    boolean inForce(String name, String version) {
        return list("ai:deployments").stream()
                .anyMatch(d -> d.path("name").asText().equals(name)
                        && d.path("version").asText().equals(version)
                        && d.path("state").asText().equals("ACTIVE"));
    }

    /**
     * An installed bundle.
     *
     * @param spare whether it is empty and kept for the next replacement of another
     */
    record Installed(long id, String state, String symbolicName, boolean spare) {}

    List<Installed> bundles() {
        return run("felix:lb -s")
                .lines()
                .map(line -> line.split("\\|"))
                .filter(cells -> cells.length == 5 && cells[0].strip().matches("\\d+"))
                .map(cells -> installed(cells[0], cells[1], cells[3]))
                .toList();
    }

    private static Installed installed(String id, String state, String nameAndVersion) {
        String name = nameAndVersion.substring(0, nameAndVersion.indexOf(' '));
        return new Installed(Long.parseLong(id.strip()), state.strip(), name, name.contains(".spare-"));
    }
}
