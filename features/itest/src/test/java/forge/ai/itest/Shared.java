package forge.ai.itest;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of recordings, models and data beside the project. */
public final class Shared {

    private Shared() {}

    /** A file or folder of it; the test is skipped, saying so, where it is absent. */
    public static Path path(String name) {
        Path path = Path.of(System.getProperty("forge.shared")).resolve(name);
        assumeTrue(Files.exists(path), path + " is not there");
        return path;
    }
}
