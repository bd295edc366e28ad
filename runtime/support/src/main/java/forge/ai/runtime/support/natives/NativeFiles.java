package forge.ai.runtime.support.natives;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;

/**
 * Copies native libraries out of a bundle and its fragments into the bundle's data area, once for each version.
 *
 * <p>The libraries' own loaders copy into the temporary folder at every start and leave that behind after a crash.
 */
public final class NativeFiles {

    private NativeFiles() {}

    /**
     * The folder that holds every file that the bundle and its fragments have in {@code folder}.
     *
     * @param version of the native libraries; files of other versions are deleted
     * @throws IllegalStateException if there are none, as for a platform that the bundle was not made for
     */
    public static Path unpack(Bundle bundle, String folder, String version) throws IOException {
        Enumeration<URL> entries = bundle.findEntries(folder, "*", false);
        if (entries == null) {
            throw new IllegalStateException(
                    "%s has no native libraries for this machine (%s %s): it lacks the folder %s"
                            .formatted(
                                    bundle.getSymbolicName(),
                                    System.getProperty("os.name"),
                                    System.getProperty("os.arch"),
                                    folder));
        }
        Path all = dataFolder(bundle).resolve("native");
        Path target = Files.createDirectories(all.resolve(version));
        deleteOthers(all, target);
        for (URL entry : Collections.list(entries)) {
            String path = entry.getPath();
            Path file = target.resolve(path.substring(path.lastIndexOf('/') + 1));
            if (!Files.exists(file)) {
                copy(entry, file);
            }
        }
        return target;
    }

    /** The operating system as in {@code linux}, {@code osx}, {@code win}. */
    public static String operatingSystem() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "osx" : name.startsWith("win") ? "win" : name;
    }

    private static Path dataFolder(Bundle bundle) {
        File folder = bundle.getDataFile("");
        if (folder == null) {
            throw new IllegalStateException("the framework gives its bundles no data area to put native libraries in");
        }
        return folder.toPath();
    }

    /** A file is there only when it is whole, also after a crash or a loss of power. */
    private static void copy(URL entry, Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (InputStream in = entry.openStream()) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void deleteOthers(Path all, Path kept) throws IOException {
        for (Path old : list(all)) {
            if (!old.equals(kept)) {
                for (Path file : list(old)) {
                    Files.delete(file);
                }
                Files.delete(old);
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
