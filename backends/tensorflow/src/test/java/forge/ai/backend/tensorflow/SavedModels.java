package forge.ai.backend.tensorflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies of SavedModels. */
final class SavedModels {

    private SavedModels() {}

    /** The version folder in {@code parent} that holds the files of {@code model}, made where it is not there yet. */
    static Path copy(Path model, Path parent) throws IOException {
        Path version = parent.resolve(model.getFileName().toString()).resolve("1");
        if (Files.exists(version)) {
            return version;
        }
        try (Stream<Path> files = Files.walk(model)) {
            for (Path file : files.toList()) {
                Path to = version.resolve(model.relativize(file).toString());
                Files.createDirectories(Files.isDirectory(file) ? to : to.getParent());
                if (Files.isRegularFile(file)) {
                    Files.copy(file, to);
                }
            }
        }
        return version;
    }
}
