package forge.ai.runtime.models;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The folder of one version as it was at one look.
 *
 * @param files all its files, sorted by path
 */
record VersionFolder(long version, Path folder, List<FileStamp> files) {

    VersionFolder {
        files = List.copyOf(files);
    }

    /** Version 1 of a model that has nothing but settings; it lies in the folder of the model. */
    static VersionFolder ofSettings(Path model, Optional<FileStamp> config) {
        return new VersionFolder(1, model, config.stream().toList());
    }

    boolean settingsOnly() {
        return files.size() == 1
                && files.getFirst().path().equals(ModelFolder.CONFIG)
                && !folder.endsWith(Long.toString(version));
    }

    Set<String> names() {
        return files.stream().map(FileStamp::path).collect(Collectors.toSet());
    }

    long bytes() {
        return files.stream().mapToLong(FileStamp::size).sum();
    }

    /** Epoch nanoseconds of the youngest change. */
    long modified() {
        return files.stream().mapToLong(FileStamp::modified).max().orElse(0);
    }
}
