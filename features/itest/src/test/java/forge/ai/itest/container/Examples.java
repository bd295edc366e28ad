package forge.ai.itest.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The jars of the example bundles, as they were built. */
final class Examples {

    private Examples() {}

    static byte[] provider() {
        return jar("provider");
    }

    static byte[] consumer() {
        return jar("consumer");
    }

    private static byte[] jar(String name) {
        Path jar = Path.of(System.getProperty("forge.root"))
                .resolve("features/examples/" + name + "/target/forge.ai.example." + name + "-0.1.0-SNAPSHOT.jar");
        try {
            return Files.readAllBytes(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
