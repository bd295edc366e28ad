package forge.ai.runtime.steps;

import forge.ai.api.inference.StepContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Files with a label in each line, in the folder of the version or of the model; read again when they change. */
final class LabelFiles {

    static final String KEY = "labels";

    private static final int MOST_FILES = 64;
    private static final long MOST_BYTES = 16 << 20;
    private static final String ALLOWED =
            "the name of a text file of at most 16 MiB in the folder of the version or of the model";

    private final Map<Path, Read> read = new ConcurrentHashMap<>();

    private record Read(FileTime modified, long size, List<String> lines) {}

    /** The labels that the parameter names; none if there is no parameter. */
    List<String> of(StepContext context) {
        String name = context.text(KEY).orElse("");
        if (name.isEmpty()) {
            return List.of();
        }
        try {
            Path file = find(context, name);
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Read known = read.get(file);
            if (known != null && known.modified().equals(now.lastModifiedTime()) && known.size() == now.size()) {
                return known.lines();
            }
            if (now.size() > MOST_BYTES) {
                throw context.refused(KEY, ALLOWED);
            }
            List<String> lines = List.copyOf(Files.readAllLines(file, StandardCharsets.UTF_8));
            if (read.size() >= MOST_FILES) {
                read.clear();
            }
            read.put(file, new Read(now.lastModifiedTime(), now.size(), lines));
            return lines;
        } catch (IOException e) {
            throw context.refused(KEY, ALLOWED);
        }
    }

    /** A name alone: what lies elsewhere is nobody's business here. */
    private static Path find(StepContext context, String name) {
        if (name.startsWith(".") || name.contains("/") || name.contains("\\")) {
            throw context.refused(KEY, ALLOWED);
        }
        Path folder = context.folder();
        @Nullable Path model = folder.getParent();
        boolean version = folder.endsWith(Long.toString(context.version())) && model != null;
        Path file = folder.resolve(name);
        return version && !Files.exists(file) ? model.resolve(name) : file;
    }

    /** The label at a place; its number where there are too few. */
    static String name(List<String> labels, int place) {
        return place < labels.size() ? labels.get(place) : Integer.toString(place);
    }
}
