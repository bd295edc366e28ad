package forge.ai.runtime.models;

import java.nio.file.Path;
import java.util.List;
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
