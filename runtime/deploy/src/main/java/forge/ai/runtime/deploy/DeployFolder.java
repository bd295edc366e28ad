package forge.ai.runtime.deploy;

import forge.ai.api.TimedOutException;
import forge.ai.api.deploy.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** The {@code deploy} folder: has what comes into it and leaves it carried out, one thing after the other. */
final class DeployFolder {

    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LATER = Duration.ofSeconds(10);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(60);
    private static final long RETRY_NANOS = Duration.ofMillis(500).toNanos();
    private static final String ASIDE = ".before";

    private final FolderScan scan;
    private final BundleFiles bundles;
    private final FeatureFiles features;
    private final ReentrantLock lock = new ReentrantLock();

    /** When to look once more at a jar that was not whole. */
    private final Map<String, Long> badZips = new HashMap<>();

    DeployFolder(Path folder, BundleFiles bundles, FeatureFiles features) {
        this.scan = new FolderScan(folder, DeployFolder::isTaken);
        this.bundles = bundles;
        this.features = features;
    }

    /** Whether a file of this name is a bundle or a feature. */
    static boolean isTaken(String name) {
        return isBundle(name) || name.endsWith(FeatureFiles.ENDING);
    }

    private static boolean isBundle(String name) {
        return name.endsWith(".jar");
    }

    Path path(String name) {
        return scan.folder().resolve(name);
    }

    /** Where a file is kept while a call tries another in its place. */
    Path aside(String name) {
        return path("." + name + ASIDE);
    }

    /** Brings into force what lies in the folder, and takes out what an earlier run left behind. */
    void restore() throws IOException {
        lock.lock();
        try {
            bundles.restore();
            features.restore();
            bundles.settleRestored();
            features.settleRestored();
            look();
            retryUnresolved();
            sweep();
        } finally {
            lock.unlock();
        }
    }

    private void sweep() throws IOException {
        bundles.sweep();
        sweepCopies();
        try (Stream<Path> files = Files.list(scan.folder())) {
            for (Path file : files.filter(f -> f.toString().endsWith(ASIDE)).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Takes in what differs from the last look; says after what time to look again. */
    Duration look() {
        lock.lock();
        try {
            retryBadZips();
            FolderScan.Changes changes = scan.look();
            boolean changed = !changes.none();
            // Features may name the jars that came with them.
            changes.changed().stream().filter(DeployFolder::isBundle).forEach(this::take);
            changes.changed().stream().filter(name -> !isBundle(name)).forEach(this::take);
            changes.gone().forEach(this::gone);
            if (changed) {
                retryUnresolved();
                sweepCopies();
            }
            return scan.unsettled() || !badZips.isEmpty() ? SOON : LATER;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** Copies would pile up with every replacement otherwise. */
    private void sweepCopies() throws IOException {
        bundles.sweepCopies();
        features.sweep();
    }

    private void take(String name) {
        try {
            changed(name, Set.of());
            badZips.remove(name);
        } catch (ArtifactStore.BadZip e) {
            if (badZips.remove(name) == null) {
                badZips.put(name, System.nanoTime());
            } else {
                bundles.refused(name, name, "", new Refused(e.getMessage(), e));
            }
        } catch (Refused e) {
            // The ledger tells it.
            badZips.remove(name);
        }
    }

    /**
     * Takes a file in, or a feature of the distribution by its name.
     *
     * @param besides folders with jars that a feature may name
     */
    Deployment changed(String name, Set<Path> besides) throws ArtifactStore.BadZip {
        return isBundle(name) ? bundles.changed(name) : features.changed(name, besides);
    }

    /** Takes out what a file, or a feature of the distribution, has brought. */
    void gone(String name) {
        if (isBundle(name)) {
            bundles.gone(name);
        } else {
            features.gone(name);
        }
    }

    /** Takes a file as known in the state that it is in now. */
    void accept(String name) throws IOException {
        scan.accept(name);
    }

    /** What was refused is not in the folder any more. */
    void forgetRefusal(String name) {
        if (isBundle(name)) {
            bundles.forgetRefusal(name);
        } else {
            features.forgetRefusal(name);
        }
    }

    /** The files, and the features of the distribution, that brought what bears this name. */
    Set<String> sourcesOf(String name) {
        Set<String> all = new TreeSet<>(bundles.filesOf(name));
        all.addAll(features.keysOf(name));
        return all;
    }

    /** The names of the features of the distribution, sorted. */
    List<String> distributed() {
        return features.distributed();
    }

    private void retryBadZips() {
        long now = System.nanoTime();
        List<String> due = badZips.entrySet().stream()
                .filter(e -> now - e.getValue() >= RETRY_NANOS)
                .map(Map.Entry::getKey)
                .toList();
        for (String name : due) {
            if (Files.exists(path(name))) {
                take(name);
            } else {
                badZips.remove(name);
            }
        }
    }

    /** What was put in may have lacked what came after it: again, until a round brings nothing. */
    void retryUnresolved() {
        SortedSet<String> before;
        SortedSet<String> left = unresolved();
        do {
            before = left;
            before.forEach(this::take);
            left = unresolved();
        } while (!left.isEmpty() && !left.equals(before));
    }

    private SortedSet<String> unresolved() {
        SortedSet<String> all = new TreeSet<>(bundles.unresolved());
        all.addAll(features.unresolved());
        return all;
    }

    /** Something that touches files. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does something while nothing else is taken in or out. */
    <T> T locked(Work<T> work) {
        try {
            if (!lock.tryLock(CALL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimedOutException(
                        "another deployment has been going on for " + CALL_LIMIT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimedOutException("interrupted while another deployment was going on");
        }
        try {
            try {
                return work.run();
            } finally {
                sweepCopies();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
