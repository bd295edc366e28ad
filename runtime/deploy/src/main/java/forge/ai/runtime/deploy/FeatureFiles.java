package forge.ai.runtime.deploy;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentKind;
import forge.ai.api.deploy.DeploymentState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The features in force. Each has a key: the name of its file in the {@code deploy} folder, or without the ending, that
 * of its file in the distribution.
 */
final class FeatureFiles {

    static final String ENDING = ".json";

    /** Marks the entry in the ledger of a content that was refused, beside the one in force. */
    private static final String REFUSED = " (refused)";

    private final Path folder;
    private final Optional<Path> distribution;
    private final FeatureMemory memory;
    private final FeatureInstaller installer;
    private final Ledger ledger;
    private final Set<String> unresolved = new LinkedHashSet<>();

    /** @param distribution the folder of the features of the distribution, where there is one */
    FeatureFiles(
            Path folder, Optional<Path> distribution, FeatureMemory memory, FeatureInstaller installer, Ledger ledger) {
        this.folder = folder;
        this.distribution = distribution;
        this.memory = memory;
        this.installer = installer;
        this.ledger = ledger;
    }

    /** Claims the bundles of the features of the last run; those whose file is gone are given up. */
    void restore() throws IOException {
        for (String key : memory.keys()) {
            if (key.endsWith(ENDING) && !Files.exists(folder.resolve(key))) {
                memory.forget(key).run();
                continue;
            }
            installer.restore(key);
        }
    }

    /** Takes in what the distribution says by now of the features installed from it, and writes down where all stand. */
    void settleRestored() {
        for (String key : memory.keys()) {
            if (!key.endsWith(ENDING) && Files.exists(path(key))) {
                try {
                    changed(key, Set.of());
                } catch (Refused e) {
                    // The ledger tells it; what held in the last run still does.
                    tell(key);
                }
            } else if (ledger.get(source(key) + REFUSED).isEmpty()) {
                tell(key);
            }
        }
    }

    /** The names of the features of the distribution, sorted. */
    List<String> distributed() {
        if (distribution.isEmpty() || !Files.isDirectory(distribution.get())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(distribution.get())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING) && !name.startsWith("."))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Takes a new or changed feature in.
     *
     * @param besides folders to look for its bundles in, besides that where it lies
     * @throws Refused if it is not brought into force; that is in the ledger already, and everything is as before
     */
    Deployment changed(String key, Set<Path> besides) {
        unresolved.remove(key);
        FeatureDocument feature = null;
        try {
            if (key.endsWith(Pid.ENDING)) {
                throw new Refused("a configuration belongs into the conf folder");
            }
            byte[] content = FeatureStore.content(path(key));
            feature = memory.read(content);
            String hash = FeatureStore.hash(content);
            if (!installer.inForce(key, hash)) {
                memory.write(hash, content);
                Set<Path> folders = new LinkedHashSet<>(besides);
                folders.add(folder);
                installer.install(key, hash, feature, folders);
            }
        } catch (IOException e) {
            throw refused(key, key, "", new Refused(Refused.said(e), e));
        } catch (Refused e) {
            throw feature == null ? refused(key, key, "", e) : refused(key, feature.name(), feature.version(), e);
        }
        ledger.remove(source(key) + REFUSED);
        return tell(key);
    }

    /** Takes a feature out: its bundles, but those that somebody else wants, and then its configurations. */
    void gone(String key) {
        forgetRefusal(key);
        if (memory.has(key)) {
            installer.remove(key);
        }
        ledger.remove(source(key));
    }

    /** The features that lacked something which may be there now. */
    List<String> unresolved() {
        return List.copyOf(unresolved);
    }

    /** The keys of the features of that name, or that themselves are that name. */
    Set<String> keysOf(String name) {
        Set<String> keys = new TreeSet<>(memory.named(name));
        if (memory.has(name) || ledger.get(source(name) + REFUSED).isPresent()) {
            keys.add(name);
        }
        return keys;
    }

    /** A claim of an earlier run that cannot be brought into force any more. */
    void refused(Claim claim, Refused reason) {
        String key = claim.source();
        if (reason.unresolved()) {
            unresolved.add(key);
        }
        memory.document(key).ifPresent(feature -> refused(key, feature.name(), feature.version(), reason));
    }

    /** What was refused is not there any more. */
    void forgetRefusal(String key) {
        unresolved.remove(key);
        ledger.remove(source(key) + REFUSED);
    }

    /** Deletes the copies that nobody needs any more. */
    void sweep() throws IOException {
        memory.sweep();
    }

    /** Who owns what the feature brings, and what its entry in the ledger is called. */
    private static String source(String key) {
        return Claim.FEATURE + key;
    }

    private Path path(String key) {
        return key.endsWith(ENDING)
                ? folder.resolve(key)
                : distribution.orElse(folder).resolve(key + ENDING);
    }

    private Refused refused(String key, String name, String version, Refused reason) {
        if (reason.unresolved()) {
            unresolved.add(key);
        }
        ledger.record(
                source(key) + REFUSED,
                name,
                version,
                DeploymentKind.FEATURE,
                DeploymentState.FAILED,
                reason.getMessage());
        return reason;
    }

    private Deployment tell(String key) {
        FeatureDocument feature = memory.document(key).orElseThrow();
        List<String> later = installer.later(key);
        DeploymentState stands = later.isEmpty() ? DeploymentState.ACTIVE : DeploymentState.AT_RESTART;
        String reason = later.isEmpty()
                ? ""
                : String.join(", ", later) + ": what it replaces is in use for as long as the process lives";
        return ledger.record(source(key), feature.name(), feature.version(), DeploymentKind.FEATURE, stands, reason);
    }
}
