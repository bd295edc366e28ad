package forge.ai.runtime.models;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks at a model repository: {@code <model>/config.json} and {@code <model>/<version>/<files>}. Hidden files and
 * folders do not count, so that tools may write to them and rename.
 */
final class RepositoryFolder {

    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");
    private static final int MAX_DEPTH = 8;
    /** More are not looked at: no format has as many, and a look is repeated several times a second. */
    private static final int MAX_FILES = 10_000;

    private RepositoryFolder() {}

    /** All models, by name. */
    static Map<String, ModelFolder> look(Path repository) throws IOException {
        Map<String, ModelFolder> models = new TreeMap<>();
        for (Path folder : folders(repository, MODEL)) {
            String name = folder.getFileName().toString();
            model(name, folder).ifPresent(model -> models.put(name, model));
        }
        return models;
    }

    private static Optional<ModelFolder> model(String name, Path folder) throws IOException {
        try {
            TreeMap<Long, VersionFolder> versions = new TreeMap<>();
            for (Path path : folders(folder, VERSION)) {
                VersionFolder version = version(path);
                if (!version.files().isEmpty()) {
                    versions.put(version.version(), version);
                }
            }
            return Optional.of(new ModelFolder(name, folder, files(folder), versions));
        } catch (NoSuchFileException e) {
            // Removed while being looked at: the next look sees what is left.
            return Optional.empty();
        }
    }

    /** A version as it is now; without files if it is not there any more. */
    static VersionFolder again(VersionFolder seen) throws IOException {
        return seen.settingsOnly()
                ? VersionFolder.ofSettings(seen.folder(), settings(seen.folder()))
                : version(seen.folder());
    }

    private static VersionFolder version(Path folder) throws IOException {
        long version = Long.parseLong(folder.getFileName().toString());
        FileCollector files = new FileCollector(folder);
        try {
            Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, files);
        } catch (NoSuchFileException e) {
            return new VersionFolder(version, folder, List.of());
        }
        files.stamps.sort(Comparator.comparing(FileStamp::path));
        return new VersionFolder(version, folder, files.stamps);
    }

    /** The files beside the versions: settings, and what they name. */
    private static List<FileStamp> files(Path folder) throws IOException {
        FileCollector files = new FileCollector(folder);
        Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), 1, files);
        files.stamps.sort(Comparator.comparing(FileStamp::path));
        return files.stamps;
    }

    private static Optional<FileStamp> settings(Path folder) throws IOException {
        return files(folder).stream()
                .filter(file -> file.path().equals(ModelFolder.CONFIG))
                .findFirst();
    }

    private static List<Path> folders(Path parent, Pattern name) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(e -> name.matcher(e.getFileName().toString()).matches() && Files.isDirectory(e))
                    .sorted()
                    .toList();
        }
    }

    private static FileStamp stamp(Path folder, Path file, BasicFileAttributes attributes) {
        String path = folder.relativize(file).toString().replace('\\', '/');
        return new FileStamp(
                path, attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    }

    /** Stamps the regular files below a folder; a file that vanishes meanwhile is left out. */
    private static final class FileCollector extends SimpleFileVisitor<Path> {

        private final Path folder;
        private final List<FileStamp> stamps = new ArrayList<>();

        FileCollector(Path folder) {
            this.folder = folder;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return hidden(path) && !path.equals(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !hidden(file)) {
                if (stamps.size() == MAX_FILES) {
                    return FileVisitResult.TERMINATE;
                }
                stamps.add(stamp(folder, file, attributes));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(folder)) {
                throw e;
            }
            return FileVisitResult.CONTINUE;
        }

        private static boolean hidden(Path path) {
            return path.getFileName().toString().startsWith(".");
        }
    }
}
