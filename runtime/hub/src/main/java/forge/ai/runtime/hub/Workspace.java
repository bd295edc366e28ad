package forge.ai.runtime.hub;

import forge.ai.api.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * The hidden folder beside the models in which one is got ready; for one pull at a time, also of another bundle or
 * process. It outlives a pull that ends early, so that the next one goes on from there.
 */
final class Workspace implements AutoCloseable {

    private static final String FOLDER = ".pulls";

    private final Path folder;
    private final FileChannel lock;

    private Workspace(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** @throws UnavailableException if this model is being pulled */
    static Workspace open(Path repository, String model) throws IOException {
        Path folder = Files.createDirectories(repository.resolve(FOLDER).resolve(model));
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean mine = false;
        try {
            mine = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Said below.
        } finally {
            if (!mine) {
                channel.close();
            }
        }
        if (!mine) {
            throw new UnavailableException("the model " + model + " is being pulled already");
        }
        return new Workspace(folder, channel);
    }

    /** Where what has come of a file is kept, by its content. */
    Path part(ContentHash hash) throws IOException {
        return Files.createDirectories(folder.resolve("parts")).resolve(hash.hex());
    }

    /** What becomes the version. */
    Path files() throws IOException {
        return Files.createDirectories(folder.resolve("files"));
    }

    /** Takes out of the files what is not wanted any more. */
    void keep(Set<String> wanted) throws IOException {
        Path files = files();
        Files.walkFileTree(files, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!wanted.contains(files.relativize(file).toString().replace('\\', '/'))) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Puts a file that is whole to its place. */
    void take(Path part, String target) throws IOException {
        Path place = files().resolve(target);
        Files.createDirectories(place.getParent());
        Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Takes away what was got ready and is not needed any more. */
    void clear() throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Lets the next pull of this model in. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
