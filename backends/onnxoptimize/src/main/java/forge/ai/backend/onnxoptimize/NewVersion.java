package forge.ai.backend.onnxoptimize;

import forge.ai.api.ResourceExhaustedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A version folder in the making: hidden, so that the registry does not see it before it is whole. */
final class NewVersion implements AutoCloseable {

    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");
    private static final int TRIES = 100;

    private final Path model;
    private final Path folder;

    /** @param model the folder of the model, which holds its versions */
    NewVersion(Path model) throws IOException {
        this.model = model;
        this.folder = Files.createTempDirectory(model, ".optimize-");
    }

    Path folder() {
        return folder;
    }

    /** Takes over what lies beside the model's own files, such as its tokenizer. */
    void copyOthers(Path version, Set<Path> own) throws IOException {
        try (Stream<Path> files = Files.walk(version)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(version.relativize(file).toString());
                if (!own.contains(file.normalize()) && !Files.exists(target)) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    /** Makes it the version after the highest one that is there; returns its number. */
    long publish() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            long next = highest() + 1;
            Path target = model.resolve(Long.toString(next));
            try {
                // Fails if another has come there meanwhile, as no folder with files is replaced.
                Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
                return next;
            } catch (IOException e) {
                if (!Files.exists(target)) {
                    throw e;
                }
            }
        }
        throw new ResourceExhaustedException("other versions of the model come all the time");
    }

    private long highest() throws IOException {
        try (Stream<Path> versions = Files.list(model)) {
            return versions.map(path -> path.getFileName().toString())
                    .filter(name -> VERSION.matcher(name).matches())
                    .mapToLong(Long::parseLong)
                    .max()
                    .orElse(0);
        }
    }

    /** Deletes it unless it was published. */
    @Override
    public void close() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                List<Path> inner = all.sorted(Comparator.reverseOrder()).toList();
                for (Path path : inner) {
                    Files.delete(path);
                }
            }
        }
    }
}
