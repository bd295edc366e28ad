package forge.ai.runtime.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** The home folder of one running runtime; it is locked until the process ends. */
final class Home {

    private final Path folder;
    /** Held open: the lock goes with the process, however it ends. */
    @SuppressWarnings("FieldCanBeLocal")
    private final FileChannel lock;

    private Home(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Makes what is missing of the folder, and empties its temporary folder.
     *
     * @throws Exit if another runtime runs there
     */
    static Home open(Path folder) throws IOException {
        for (String name : new String[] {"conf", "deploy", "data", "log"}) {
            Files.createDirectories(folder.resolve(name));
        }
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder.resolve("data"), PosixFilePermissions.fromString("rwx------"));
        }
        FileChannel lock =
                FileChannel.open(folder.resolve("data/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            throw Exit.failed(folder + " is in use by a running runtime; stop it, or choose another with --home DIR");
        }
        Path tmp = folder.resolve("tmp");
        delete(tmp);
        Files.createDirectories(tmp);
        return new Home(folder, lock);
    }

    Path folder() {
        return folder;
    }

    Path data() {
        return folder.resolve("data");
    }

    /** Gives a new home the samples of the distribution; a home that has a model folder keeps what is in it. */
    void addSamples(Path samples) throws IOException {
        Path models = folder.resolve("models");
        if (Files.exists(models) || !Files.isDirectory(samples)) {
            return;
        }
        Path part = folder.resolve("tmp/models");
        copy(samples, part);
        Files.move(part, models, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
