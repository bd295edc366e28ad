package forge.ai.runtime.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Tells which files of a folder are new, changed or gone since the last look.
 *
 * <p>A file is told once it rests: its last change lies a while back, or two looks that far apart saw the same. A file
 * that was moved in rests at once, one that is being copied does not. One that is gone is told after a while too, since
 * many a program replaces a file by deleting it first.
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
    private static final long GONE_MILLIS = 300;

    private final Path folder;
    private final Predicate<String> names;
    private final Map<String, Stamp> told = new HashMap<>();
    private final Map<String, Seen> moving = new HashMap<>();
    private final Map<String, Long> missing = new HashMap<>();

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
        SortedSet<String> gone = gone(now.keySet());
        told.keySet().removeAll(gone);
        moving.keySet().retainAll(now.keySet());
        return new Changes(changed, gone);
    }

    /** Those that have been told and have not been there for a while. */
    private SortedSet<String> gone(Set<String> present) {
        long now = System.nanoTime();
        missing.keySet().retainAll(told.keySet());
        missing.keySet().removeAll(present);
        told.keySet().stream().filter(name -> !present.contains(name)).forEach(name -> missing.putIfAbsent(name, now));
        SortedSet<String> gone = new TreeSet<>();
        missing.forEach((name, since) -> {
            if (now - since >= Duration.ofMillis(GONE_MILLIS).toNanos()) {
                gone.add(name);
            }
        });
        missing.keySet().removeAll(gone);
        return gone;
    }

    /** Whether a file is still being written or has just gone, so that the next look should come soon. */
    boolean unsettled() {
        return !moving.isEmpty() || !missing.isEmpty();
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
