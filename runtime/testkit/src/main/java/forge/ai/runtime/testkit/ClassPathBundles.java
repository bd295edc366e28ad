package forge.ai.runtime.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The bundles among the jars of the test's class path; in the phase {@code verify} the module's own is among them. */
public final class ClassPathBundles {

    private ClassPathBundles() {}

    /** The jar with this symbolic name. */
    public static Path find(String symbolicName) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .filter(jar -> symbolicName.equals(symbolicName(jar)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no bundle " + symbolicName + " on the class path; is the test run by `mvn verify`?"));
    }

    private static String symbolicName(Path jar) {
        if (!Files.exists(jar)) {
            return "";
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String name = manifest == null ? null : manifest.getMainAttributes().getValue("Bundle-SymbolicName");
            return name == null ? "" : name.split(";")[0].trim();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }
}
