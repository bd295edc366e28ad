package forge.ai.runtime.deploy;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentKind;
import forge.ai.api.deploy.DeploymentState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.osgi.service.feature.ID;

/**
 * The features in force. Each has a key: the name of its file in the {@code deploy} folder, or without the ending, that
 * of its file in the distribution.
 */
final class FeatureFiles {

    static final String ENDING = ".json";

    /** Marks the entry in the ledger of a content that was refused, beside the one in force. */
    private static final String REFUSED = " (refused)";

    /** How long the bundles of a feature that leaves keep their configurations, while they finish what is in flight. */
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private final Path folder;
    private final Optional<Path> distribution;
    private final FeatureMemory memory;
    private final FeatureBundles bundles;
    private final ArtifactStore store;
    private final BundleTable table;
    private final Ledger ledger;
    private final Set<String> unresolved = new LinkedHashSet<>();

    /** @param distribution the folder of the features of the distribution, where there is one */
    FeatureFiles(
            Path folder,
            Optional<Path> distribution,
            FeatureMemory memory,
            FeatureBundles bundles,
            ArtifactStore store,
            BundleTable table,
            Ledger ledger) {
        this.folder = folder;
        this.distribution = distribution;
        this.memory = memory;
        this.bundles = bundles;
        this.store = store;
        this.table = table;
        this.ledger = ledger;
    }

    /** Claims the bundles of the features of the last run; those whose file is gone are given up. */
    void restore() throws IOException {
        for (String key : memory.keys()) {
            if (key.endsWith(ENDING) && !Files.exists(folder.resolve(key))) {
                memory.forget(key).run();
                continue;
            }
            DeployState.GoodFeature good = memory.good(key);
            for (String hash : good.bundles()) {
                if (store.has(hash)) {
                    table.restore(new Claim(source(key), store.get(hash), good.arrival()));
                }
            }
        }
    }

    /** Takes in what the distribution says by now of the features installed from it, and writes down where all stand. */
    void settleRestored() {
        for (String key : memory.keys()) {
            if (!key.endsWith(ENDING) && Files.exists(path(key))) {
                try {
                    changed(key, Set.of());
                } catch (Refused e) {
                    // The ledger tells it.
                    continue;
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
            if (!inForce(key, hash)) {
                memory.write(hash, content);
                install(key, hash, feature, besides);
            }
        } catch (IOException e) {
            throw refused(key, key, "", new Refused(Refused.said(e), e));
        } catch (Refused e) {
            throw feature == null ? refused(key, key, "", e) : refused(key, feature.name(), feature.version(), e);
        }
        ledger.remove(source(key) + REFUSED);
        return tell(key);
    }

    private boolean inForce(String key, String hash) {
        return memory.holds(key, hash)
                && table.claims().ownedBy(source(key)).size()
                        == memory.good(key).bundles().size();
    }

    private void install(String key, String hash, FeatureDocument feature, Set<Path> besides) throws IOException {
        String owner = source(key);
        List<Claim> before = table.claims().ownedBy(owner);
        List<Claim> claims = claims(owner, feature, besides);
        BundleChange change = table.prepare(claims);
        Runnable undo = () -> {};
        try {
            undo = memory.configure(key, feature);
            change.start();
            memory.remember(key, feature, hash, claims);
        } catch (Refused | UncheckedIOException e) {
            change.undo();
            undo.run();
            throw e;
        }
        change.commit();
        Set<String> names = new HashSet<>();
        claims.forEach(claim -> names.add(claim.artifact().symbolicName()));
        table.withdraw(before.stream()
                .filter(claim -> !names.contains(claim.artifact().symbolicName()))
                .toList());
    }

    private List<Claim> claims(String owner, FeatureDocument feature, Set<Path> besides) throws IOException {
        Set<Path> folders = new LinkedHashSet<>(besides);
        folders.add(folder);
        long arrival = memory.nextArrival();
        List<Claim> claims = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ID id : feature.bundles()) {
            Artifact artifact = artifact(id, folders);
            if (!names.add(artifact.symbolicName())) {
                throw new Refused("it names two bundles " + artifact.symbolicName() + "; one is allowed");
            }
            claims.add(new Claim(owner, artifact, arrival));
        }
        return claims;
    }

    private Artifact artifact(ID id, Set<Path> folders) throws IOException {
        Path jar = bundles.find(id, folders);
        try {
            return store.take(jar);
        } catch (ArtifactStore.BadZip e) {
            throw Refused.missing(jar + ": " + e.getMessage());
        } catch (Refused e) {
            throw new Refused(jar + ": " + e.getMessage(), e);
        }
    }

    /** Takes a feature out: its bundles, but those that somebody else wants, and then its configurations. */
    void gone(String key) {
        forgetRefusal(key);
        if (memory.has(key)) {
            Runnable configurations = memory.forget(key);
            table.withdraw(table.claims().ownedBy(source(key)));
            table.awaitRetired(LEAVING);
            configurations.run();
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
        Map<String, Claim> later = new TreeMap<>();
        table.claims().ownedBy(source(key)).stream()
                .filter(claim -> !table.serves(claim) && !overridden(claim))
                .forEach(claim -> later.put(claim.artifact().toString(), claim));
        DeploymentState stands = later.isEmpty() ? DeploymentState.ACTIVE : DeploymentState.AT_RESTART;
        String reason = later.isEmpty() ? "" : String.join(", ", later.keySet()) + " takes effect at the next start";
        return ledger.record(source(key), feature.name(), feature.version(), DeploymentKind.FEATURE, stands, reason);
    }

    /** Whether somebody put another version of a bundle in force. */
    private boolean overridden(Claim claim) {
        return table.claims()
                .preferred(claim.artifact().symbolicName())
                .filter(preferred -> !preferred.equals(claim))
                .isPresent();
    }
}
