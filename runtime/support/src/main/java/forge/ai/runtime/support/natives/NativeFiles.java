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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.osgi.framework.Bundle;

/**
 * Copies native libraries out of a bundle and its fragments into the bundle's data area, once for each version.
 *
 * <p>The libraries' own loaders copy into the temporary folder at every start and leave that behind after a crash.
 */
public final class NativeFiles {

    private static final Pattern LIBRARY = Pattern.compile(".+\\.(so(\\.\\d+)*|dylib|dll)");

    private NativeFiles() {}

    /**
     * The folder that holds every file that the bundle and its fragments have in {@code folder}. Of a {@code .jar} among
     * them it holds the libraries: what is large stays in the jar that its makers packed, until it is needed.
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
            String name = lastPart(entry.getPath());
            if (name.endsWith(".jar")) {
                unpack(entry, target, name);
            } else if (!Files.exists(target.resolve(name))) {
                try (InputStream in = entry.openStream()) {
                    copy(in, target.resolve(name));
                }
            }
        }
        return target;
    }

    /** What says that all is there is written last, so that a later start need not read the jar. */
    private static void unpack(URL jar, Path target, String name) throws IOException {
        Path done = target.resolve(name + ".unpacked");
        if (Files.exists(done)) {
            return;
        }
        try (ZipInputStream in = new ZipInputStream(jar.openStream())) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String library = lastPart(entry.getName());
                if (LIBRARY.matcher(library).matches()) {
                    copy(in, target.resolve(library));
                }
            }
        }
        Files.createFile(done);
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The operating system as in {@code linux}, {@code osx}, {@code win}. */
    public static String operatingSystem() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "osx" : name.startsWith("win") ? "win" : name;
    }

    /** The processor as in {@code x86_64}, {@code aarch64}. */
    public static String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("amd64") ? "x86_64" : name;
    }

    private static Path dataFolder(Bundle bundle) {
        File folder = bundle.getDataFile("");
        if (folder == null) {
            throw new IllegalStateException("the framework gives its bundles no data area to put native libraries in");
        }
        return folder.toPath();
    }

    /** A file is there only when it is whole, also after a crash or a loss of power. */
    private static void copy(InputStream in, Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
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
