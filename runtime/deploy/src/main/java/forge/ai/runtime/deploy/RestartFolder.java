package forge.ai.runtime.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/**
 * The bundles that the launcher is to start in the place of the distribution's: {@code <symbolic name>.jar}, each
 * installed under a location that begins with {@value #LOCATION}.
 */
final class RestartFolder {

    /** Where the launcher installs what it takes from here. */
    static final String LOCATION = "forge-restart:";

    private final Path folder;
    private final Map<String, String> startedWith = new HashMap<>();
    private final Set<String> used = new HashSet<>();

    /** Looks what the launcher found there, before anything is changed. */
    RestartFolder(Path folder, ArtifactStore store) throws IOException {
        this.folder = DurableFile.folder(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
                Artifact artifact = store.take(file);
                startedWith.put(artifact.symbolicName(), artifact.hash());
            }
        }
    }

    /** Has an artifact started in the place of the distribution's bundle from the next start on. */
    void put(Artifact artifact) {
        try {
            Path file = file(artifact.symbolicName());
            if (!Files.exists(file) || Files.mismatch(file, artifact.jar()) >= 0) {
                Path part = DurableFile.part(file);
                Files.copy(artifact.jar(), part, StandardCopyOption.REPLACE_EXISTING);
                DurableFile.commit(part, file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void drop(String symbolicName) {
        try {
            Files.deleteIfExists(file(symbolicName));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the launcher started this bundle from that artifact. */
    boolean started(Artifact artifact, Bundle bundle) {
        return bundle.getLocation().startsWith(LOCATION)
                && artifact.hash().equals(startedWith.get(artifact.symbolicName()));
    }

    boolean fragment(Bundle bundle) {
        return bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
    }

    /** Whether a bundle of that name ran in this process and may have left native code in it. */
    boolean usedBefore(String symbolicName) {
        return used.contains(symbolicName);
    }

    /** That a bundle was started which cannot be replaced in this process. */
    void use(Artifact artifact) {
        if (artifact.restart()) {
            used.add(artifact.symbolicName());
        }
    }

    private Path file(String symbolicName) {
        return folder.resolve(symbolicName + ".jar");
    }
}
