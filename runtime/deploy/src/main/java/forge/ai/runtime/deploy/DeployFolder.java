package forge.ai.runtime.deploy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.TimedOutException;
import forge.ai.api.deploy.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The {@code deploy} folder: has what comes into it and leaves it carried out, one thing after the other. */
final class DeployFolder {

    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LATER = Duration.ofSeconds(10);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(60);
    private static final long RETRY_NANOS = Duration.ofMillis(500).toNanos();

    private final FolderScan scan;
    private final BundleFiles bundles;
    private final FeatureFiles features;
    private final ReentrantLock lock = new ReentrantLock();

    /** When to look once more at a jar that was not whole. */
    private final Map<String, Long> badZips = new HashMap<>();

    DeployFolder(Path folder, BundleFiles bundles, FeatureFiles features) {
        this.scan = new FolderScan(folder, name -> name.endsWith(".jar") || isFeature(name));
        this.bundles = bundles;
        this.features = features;
    }

    private static boolean isFeature(String name) {
        return name.endsWith(FeatureFiles.ENDING);
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
            bundles.sweep();
            features.sweep();
        } finally {
            lock.unlock();
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
            changes.changed().stream().filter(name -> !isFeature(name)).forEach(this::take);
            changes.changed().stream().filter(DeployFolder::isFeature).forEach(this::take);
            changes.gone().forEach(this::gone);
            if (changed) {
                retryUnresolved();
            }
            return scan.unsettled() || !badZips.isEmpty() ? SOON : LATER;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
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

    private Deployment changed(String name, Set<Path> besides) throws ArtifactStore.BadZip {
        return isFeature(name) ? features.changed(name, besides) : bundles.changed(name);
    }

    private void gone(String name) {
        if (isFeature(name)) {
            features.gone(name);
        } else {
            bundles.gone(name);
        }
    }

    private void retryBadZips() {
        long now = System.nanoTime();
        List<String> due = badZips.entrySet().stream()
                .filter(e -> now - e.getValue() >= RETRY_NANOS)
                .map(Map.Entry::getKey)
                .toList();
        for (String name : due) {
            if (Files.exists(scan.folder().resolve(name))) {
                take(name);
            } else {
                badZips.remove(name);
            }
        }
    }

    /** A bundle may have lacked what came after it: again, until a round brings nothing. */
    private void retryUnresolved() {
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

    /** Copies a file into the folder and brings it into force; if it is refused, everything is as before. */
    Deployment install(Path artifact) {
        if (!Files.isRegularFile(artifact)) {
            throw new NotFoundException("there is no file " + artifact);
        }
        String name = artifact.getFileName().toString();
        if (name.startsWith(".") || !name.endsWith(".jar") && !isFeature(name)) {
            throw new InvalidRequestException(name + ": a bundle ends with .jar and a feature with .json");
        }
        Path besides = artifact.toAbsolutePath().getParent();
        return locked(() -> {
            Path target = scan.folder().resolve(name);
            boolean lies = isSame(artifact, target);
            Path aside = target.resolveSibling("." + name + ".before");
            try {
                if (!lies) {
                    replace(artifact, target, aside);
                }
                Deployment result = changed(name, Set.of(besides));
                scan.accept(name);
                retryUnresolved();
                return result;
            } catch (ArtifactStore.BadZip | Refused e) {
                if (!lies) {
                    bringBack(target, aside);
                    scan.accept(name);
                    forgetRefusal(name);
                }
                throw new InvalidRequestException(name + ": " + Refused.said(e));
            } finally {
                Files.deleteIfExists(aside);
            }
        });
    }

    private void forgetRefusal(String name) {
        if (isFeature(name)) {
            features.forgetRefusal(name);
        } else {
            bundles.forgetRefusal(name);
        }
    }

    /**
     * Brings a feature of the distribution into force.
     *
     * @throws InvalidRequestException if it is refused; everything is as before
     */
    Deployment installFeature(String name) {
        return locked(() -> {
            if (!features.distributed().contains(name)) {
                throw new NotFoundException("the distribution has no feature " + name + "; it has "
                        + String.join(", ", features.distributed()));
            }
            try {
                Deployment result = features.changed(name, Set.of());
                retryUnresolved();
                return result;
            } catch (Refused e) {
                features.forgetRefusal(name);
                throw new InvalidRequestException(name + ": " + e.getMessage());
            }
        });
    }

    List<String> features() {
        return features.distributed();
    }

    private static boolean isSame(Path artifact, Path target) throws IOException {
        return Files.exists(target) && Files.isSameFile(artifact, target);
    }

    private static void replace(Path artifact, Path target, Path aside) throws IOException {
        if (Files.exists(target)) {
            Files.copy(target, aside, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path part = DurableFile.part(target);
        Files.copy(artifact, part, StandardCopyOption.REPLACE_EXISTING);
        DurableFile.commit(part, target);
    }

    private static void bringBack(Path target, Path aside) throws IOException {
        if (Files.exists(aside)) {
            Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.deleteIfExists(target);
        }
    }

    /** Takes deployed bundles and features out, and their files; false if none bears that name. */
    boolean remove(String name) {
        return locked(() -> {
            Set<String> all = new TreeSet<>(bundles.filesOf(name));
            all.addAll(features.keysOf(name));
            for (String each : all) {
                if (each.endsWith(".jar") || isFeature(each)) {
                    Files.deleteIfExists(scan.folder().resolve(each));
                    scan.accept(each);
                    gone(each);
                } else {
                    features.gone(each);
                }
            }
            return !all.isEmpty();
        });
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
            return work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
