package forge.ai.runtime.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Tells which files of a folder are new, changed or gone since the last look.
 *
 * <p>A file is told once it rests: its last change lies a while back, or two looks that far apart saw the same. A file
 * that was moved in rests at once, one that is being copied does not.
 */
final class FolderScan {

    /** What differs from the last look: names of files, sorted. */
    record Changes(SortedSet<String> changed, SortedSet<String> gone) {
        boolean none() {
            return changed.isEmpty() && gone.isEmpty();
        }
    }

    private record Stamp(long size, long modified, String key) {}

    private record Seen(Stamp stamp, long at) {}

    private static final long REST_MILLIS = 150;

    private final Path folder;
    private final Predicate<String> names;
    private final Map<String, Stamp> told = new HashMap<>();
    private final Map<String, Seen> moving = new HashMap<>();

    FolderScan(Path folder, Predicate<String> names) {
        this.folder = folder;
        this.names = names;
    }

    Path folder() {
        return folder;
    }

    /** What differs from what was told. */
    Changes look() throws IOException {
        Map<String, Stamp> now = stamps();
        SortedSet<String> changed = new TreeSet<>();
        now.forEach((name, stamp) -> {
            if (stamp.equals(told.get(name))) {
                moving.remove(name);
            } else if (rests(name, stamp)) {
                moving.remove(name);
                told.put(name, stamp);
                changed.add(name);
            }
        });
        SortedSet<String> gone = new TreeSet<>(told.keySet());
        gone.removeAll(now.keySet());
        told.keySet().removeAll(gone);
        moving.keySet().retainAll(now.keySet());
        return new Changes(changed, gone);
    }

    /** Whether a file is still being written, so that the next look should come soon. */
    boolean unsettled() {
        return !moving.isEmpty();
    }

    /** Takes a file as told in the state that it is in now. */
    void accept(String name) throws IOException {
        stamp(folder.resolve(name)).ifPresentOrElse(stamp -> told.put(name, stamp), () -> told.remove(name));
    }

    /** Tells a file again, as though it were new. */
    void forget(String name) {
        told.remove(name);
    }

    private boolean rests(String name, Stamp stamp) {
        long now = System.currentTimeMillis();
        if (now - stamp.modified() > REST_MILLIS) {
            return true;
        }
        Seen before = moving.get(name);
        if (before == null || !before.stamp().equals(stamp)) {
            moving.put(name, new Seen(stamp, now));
            return false;
        }
        return now - before.at() >= REST_MILLIS;
    }

    private Map<String, Stamp> stamps() throws IOException {
        Map<String, Stamp> stamps = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") && names.test(name)) {
                    stamp(file).ifPresent(stamp -> stamps.put(name, stamp));
                }
            }
        } catch (NoSuchFileException e) {
            Files.createDirectories(folder);
        }
        return stamps;
    }

    private static Optional<Stamp> stamp(Path file) throws IOException {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            return is.isRegularFile()
                    ? Optional.of(
                            new Stamp(is.size(), is.lastModifiedTime().toMillis(), Objects.toString(is.fileKey())))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
