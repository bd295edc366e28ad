package forge.ai.runtime.hub;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a version came from; it lies as a hidden file beside the version's files.
 *
 * @param repository the hub's name of the model
 * @param commit of it
 * @param files the hashes of the version's files, by path
 */
record Origin(String repository, String commit, Map<String, String> files) {

    static final String FILE = ".hub.json";
    private static final long MOST_BYTES = 16 << 20;

    static Origin of(String repository, String commit, List<WantedFile> wanted) {
        return new Origin(
                repository,
                commit,
                wanted.stream()
                        .collect(Collectors.toMap(
                                WantedFile::target, w -> w.file().hash().hex(), (a, b) -> a, TreeMap::new)));
    }

    /** That of a version's folder; empty if it came another way. */
    static Optional<Origin> read(Path version) {
        Path file = version.resolve(FILE);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                return Optional.empty();
            }
            JsonNode root = Json.read(Files.readAllBytes(file));
            Map<String, String> files = new TreeMap<>();
            root.path("files")
                    .properties()
                    .forEach(e -> files.put(e.getKey(), e.getValue().asText()));
            return Optional.of(new Origin(Json.text(root, "repository"), Json.text(root, "commit"), files));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void write(Path version) throws IOException {
        Files.write(version.resolve(FILE), Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("repository", repository);
            json.writeStringField("commit", commit);
            json.writeObjectFieldStart("files");
            for (Map.Entry<String, String> file : files.entrySet()) {
                json.writeStringField(file.getKey(), file.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }));
    }

    /** Whether a version's folder still has these files, as far as their names and sizes tell. */
    boolean complete(Path version, List<WantedFile> wanted) {
        return wanted.stream()
                .allMatch(file -> version.resolve(file.target()).toFile().length()
                                == file.file().size()
                        && Files.isRegularFile(version.resolve(file.target())));
    }
}
