package forge.ai.console.shell;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Paths that a word could become. */
final class PathChoices {

    private static final int MOST = 200;

    private PathChoices() {}

    /** Those that begin like it: folders, with a slash, and files with one of these endings. */
    static List<String> beginning(Begun begun, List<String> endings) {
        String text = begun.text();
        String parent = text.substring(0, text.lastIndexOf('/') + 1);
        List<String> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(begun.folder().resolve(parent))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                boolean folder = Files.isDirectory(entry);
                if ((parent + name).startsWith(text)
                        && (folder || endings.stream().anyMatch(name::endsWith))
                        && paths.size() < MOST) {
                    paths.add(parent + name + (folder ? "/" : ""));
                }
            }
        } catch (IOException e) {
            // No such folder, no such paths.
        }
        return paths;
    }
}
