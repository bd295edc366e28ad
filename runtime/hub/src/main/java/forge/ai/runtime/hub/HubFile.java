package forge.ai.runtime.hub;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.runtime.support.json.Json;
import java.util.List;

/**
 * A file of a model as the hub lists it.
 *
 * @param path in the hub's repository, with slashes between
 * @param size in bytes
 * @param hash of its content
 */
record HubFile(String path, long size, ContentHash hash) {

    private static final int LONGEST = 512;

    /** @throws IllegalArgumentException if it leads out of its folder, or is no file that could be written */
    HubFile {
        if (!inside(path)) {
            throw new IllegalArgumentException("the name of a file leads elsewhere");
        }
        if (size < 0) {
            throw new IllegalArgumentException("the size of a file is negative");
        }
    }

    /** Reads one entry of the hub's list. */
    static HubFile of(JsonNode entry) {
        JsonNode large = entry.path("lfs");
        boolean pointer = large.isObject();
        return new HubFile(
                Json.text(entry, "path"),
                Json.number(pointer ? large : entry, "size").orElse(-1),
                pointer
                        ? new ContentHash(ContentHash.Kind.SHA256, Json.text(large, "oid"))
                        : new ContentHash(ContentHash.Kind.GIT, Json.text(entry, "oid")));
    }

    /** Whether a path stays below the folder that it begins at, whatever the file system makes of it. */
    static boolean inside(String path) {
        boolean plain =
                path.length() <= LONGEST && path.chars().allMatch(c -> c >= ' ' && c != '\\' && c != ':' && c != 0x7F);
        return plain
                && List.of(path.split("/", -1)).stream().noneMatch(s -> s.isEmpty() || s.equals(".") || s.equals(".."));
    }

    /** The path's last part. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The path up to the last part, with its slash; empty if there is none. */
    String folder() {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }
}
