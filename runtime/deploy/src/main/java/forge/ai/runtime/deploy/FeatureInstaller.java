package forge.ai.runtime.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osgi.service.feature.ID;

/** Brings a feature into force with all of its bundles and configurations, or with none. */
final class FeatureInstaller {

    /** How long the bundles of a feature that leaves keep their configurations, while they finish what is in flight. */
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private final FeatureMemory memory;
    private final FeatureBundles bundles;
    private final ArtifactStore store;
    private final BundleTable table;

    FeatureInstaller(FeatureMemory memory, FeatureBundles bundles, ArtifactStore store, BundleTable table) {
        this.memory = memory;
        this.bundles = bundles;
        this.store = store;
        this.table = table;
    }

    /** Claims the bundles that a feature brought in the last run. */
    void restore(String key) throws IOException {
        DeployState.GoodFeature good = memory.good(key);
        for (String hash : good.bundles()) {
            if (store.has(hash)) {
                table.restore(new Claim(Claim.FEATURE + key, store.get(hash), good.arrival()));
            }
        }
    }

    /** Whether a feature is in force from a document of this hash. */
    boolean inForce(String key, String hash) {
        return memory.holds(key, hash)
                && table.claims().ownedBy(Claim.FEATURE + key).size()
                        == memory.good(key).bundles().size();
    }

    /**
     * @param folders where its jars are looked for beside the distribution
     * @throws Refused if it is not brought into force; everything is as before
     */
    void install(String key, String hash, FeatureDocument feature, Set<Path> folders) throws IOException {
        String owner = Claim.FEATURE + key;
        List<Claim> before = table.claims().ownedBy(owner);
        List<Claim> claims = claims(owner, feature, folders);
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

    private List<Claim> claims(String owner, FeatureDocument feature, Set<Path> folders) throws IOException {
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
    void remove(String key) {
        Runnable configurations = memory.forget(key);
        table.withdraw(table.claims().ownedBy(Claim.FEATURE + key));
        table.awaitRetired(LEAVING);
        configurations.run();
    }

    /** The bundles of a feature that are in force only after the next start. */
    List<String> later(String key) {
        return table.claims().ownedBy(Claim.FEATURE + key).stream()
                .filter(claim -> !table.serves(claim) && !overridden(claim))
                .map(claim -> claim.artifact().toString())
                .sorted()
                .toList();
    }

    /** Whether somebody put another version of a bundle in force. */
    private boolean overridden(Claim claim) {
        return table.claims()
                .preferred(claim.artifact().symbolicName())
                .filter(preferred -> !preferred.equals(claim))
                .isPresent();
    }
}
