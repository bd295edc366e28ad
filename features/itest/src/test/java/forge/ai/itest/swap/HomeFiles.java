package forge.ai.itest.swap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The files that a runtime keeps in its home folder, by name but for what is numbered. */
record HomeFiles(List<String> names) {

    private static final List<String> FOLDERS = List.of("data", "tmp", "deploy");

    /** @param besides the bundles whose files do not count */
    static HomeFiles of(Path home, List<Shell.Installed> besides) throws IOException {
        List<String> names = new ArrayList<>();
        for (String folder : FOLDERS) {
            try (Stream<Path> all = Files.walk(home.resolve(folder))) {
                all.filter(Files::isRegularFile)
                        .map(f -> home.relativize(f).toString())
                        .filter(f ->
                                besides.stream().noneMatch(b -> f.startsWith("data/framework/bundle" + b.id() + "/")))
                        .forEach(names::add);
            } catch (java.io.UncheckedIOException e) {
                if (!(e.getCause() instanceof NoSuchFileException)) {
                    throw e;
                }
            }
        }
        return new HomeFiles(names);
    }

    int count() {
        return names.size();
    }

    /** What is here and not there. */
    SortedSet<String> without(HomeFiles others) {
        SortedSet<String> left = new TreeSet<>(names);
        others.names.forEach(left::remove);
        return left;
    }
}
