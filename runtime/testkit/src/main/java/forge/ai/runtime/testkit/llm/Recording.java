package forge.ai.runtime.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What a vendor once answered.
 *
 * @param name of its file
 * @param request the body of the request; missing where only the answer was recorded
 * @param status of the answer
 * @param type media type of the answer
 * @param stream whether the answer came piece by piece
 * @param body of the answer, as it came
 */
public record Recording(String name, JsonNode request, int status, String type, boolean stream, byte[] body) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Those in these folders, such as {@code openai/chat}; the test is skipped if there are none. */
    public static List<Recording> in(String... folders) {
        Path wire = Path.of(System.getProperty("forge.shared"), "wire");
        Assumptions.assumeTrue(Files.exists(wire), () -> "no " + wire);
        return Stream.of(folders)
                .flatMap(folder -> files(wire.resolve(folder)))
                .map(Recording::read)
                .toList();
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> !f.toString().endsWith(".origin")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Recording read(Path file) {
        String name = file.getParent().getParent().getFileName() + "/"
                + file.getParent().getFileName() + "/" + file.getFileName();
        try {
            if (name.endsWith(".sse")) {
                byte[] body = Files.readAllBytes(file);
                return new Recording(name, MAPPER.missingNode(), 200, "text/event-stream", true, body);
            }
            JsonNode root = MAPPER.readTree(file.toFile());
            JsonNode answer = root.get("response");
            return new Recording(
                    name,
                    root.path("request").path("body"),
                    answer.get("status").intValue(),
                    answer.path("headers").path("content-type").asText(),
                    answer.get("stream").booleanValue(),
                    answer.get("body").textValue().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean successful() {
        return status < 400;
    }

    /** The body of a whole answer. */
    public JsonNode json() {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The name of the file. */
    @Override
    public String toString() {
        return name;
    }
}
