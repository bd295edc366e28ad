package forge.ai.runtime.conversations;

import forge.ai.api.UnavailableException;
import forge.ai.api.conversation.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that turns are kept in. Each process, and each bundle that replaces another while that still serves, adds to
 * a file of its own and follows what others add to theirs. Once all files together are too large, the oldest one goes.
 * Used under the lock of {@link TurnStore}.
 */
final class TurnFiles implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TurnFiles.class);

    private static final String ENDING = ".turns";
    private static final int FILES = 16;
    private static final long LARGEST_FILE = 16L << 20;
    /** Nothing larger is taken for a record. */
    private static final int LARGEST_RECORD = 1 << 29;
    /** A file without turns that somebody wrote to lately may be just about to be used. */
    private static final long SETTLED_MILLIS = 60_000;

    private final Path folder;
    private final Map<Path, Segment> segments = new TreeMap<>();
    private @Nullable Segment active;

    TurnFiles(Path folder) {
        this.folder = folder;
    }

    /** Shows the turns that are new since the last time, the oldest first. */
    void follow(BiConsumer<Segment.Place, TurnJson.Head> found) throws IOException {
        for (Path file : list()) {
            Segment segment = segments.get(file);
            if (segment == null) {
                segment = new Segment(file, false);
                segments.put(file, segment);
            }
            segment.follow(LARGEST_RECORD, (place, content) -> {
                try {
                    found.accept(place, TurnJson.head(content));
                } catch (IOException | RuntimeException e) {
                    LOG.warn("a turn in {} cannot be read and is left out: {}", file, e.getMessage());
                }
            });
        }
    }

    private List<Path> list() {
        String[] names = folder.toFile().list((dir, name) -> name.endsWith(ENDING));
        return names == null
                ? List.of()
                : Arrays.stream(names).sorted().map(folder::resolve).toList();
    }

    Segment.Place add(byte[] turn, long maxBytes) throws IOException {
        long most = Math.min(LARGEST_FILE, maxBytes / FILES);
        Segment segment = active;
        if (segment == null || !segment.open() || segment.end() >= most) {
            segment = begin();
        }
        return segment.add(turn);
    }

    private Segment begin() throws IOException {
        Files.createDirectories(folder);
        String name = "%015d-%.8s".formatted(Instant.now().toEpochMilli(), UUID.randomUUID()) + ENDING;
        Segment segment = new Segment(folder.resolve(name), true);
        segments.put(segment.file(), segment);
        active = segment;
        return segment;
    }

    Optional<Turn> read(Segment.Place place) {
        try {
            byte[] content = place.segment().read(place);
            return content.length == 0 ? Optional.empty() : Optional.of(TurnJson.read(content));
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    void erase(Segment.Place place) {
        try {
            place.segment().erase(place);
        } catch (IOException e) {
            throw failed("erased", e);
        }
    }

    /** The oldest file, if all together are larger than that and it is not the one that turns are added to. */
    Optional<Segment> surplus(long maxBytes) {
        long bytes = segments.values().stream().mapToLong(Segment::end).sum();
        return segments.values().stream()
                .filter(s -> bytes > maxBytes && s != active)
                .findFirst();
    }

    /** Deletes the files that hold no turns any more. */
    void deleteEmpty() {
        for (Segment segment : new ArrayList<>(segments.values())) {
            if (segment != active && segment.empty() && settled(segment)) {
                delete(segment);
            }
        }
    }

    private static boolean settled(Segment segment) {
        return System.currentTimeMillis() - segment.file().toFile().lastModified() > SETTLED_MILLIS;
    }

    void delete(Segment segment) {
        try {
            segments.remove(segment.file());
            segment.delete();
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", segment.file(), e.getMessage());
        }
    }

    static UnavailableException failed(String what, IOException e) {
        LOG.error("conversations cannot be {}", what, e);
        return new UnavailableException(
                "conversations cannot be " + what + " (" + e.getMessage() + "); look at the disk of the home folder");
    }

    @Override
    public void close() {
        for (Segment segment : segments.values()) {
            try {
                segment.close();
            } catch (IOException e) {
                LOG.warn("{} cannot be closed: {}", segment.file(), e.getMessage());
            }
        }
        segments.clear();
        active = null;
    }
}
