package forge.ai.runtime.deploy;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentKind;
import forge.ai.api.deploy.DeploymentState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The jars of the {@code deploy} folder: each claims its bundle for as long as it lies there. */
final class BundleFiles {

    /** Marks the entry in the ledger of a content that was refused, beside the one that serves. */
    private static final String REFUSED = " (refused)";

    private final Path folder;
    private final ArtifactStore store;
    private final BundleTable table;
    private final DeployState state;
    private final Ledger ledger;
    private final Set<String> unresolved = new LinkedHashSet<>();

    BundleFiles(Path folder, ArtifactStore store, BundleTable table, DeployState state, Ledger ledger) {
        this.folder = folder;
        this.store = store;
        this.table = table;
        this.state = state;
        this.ledger = ledger;
    }

    /** Claims what was good in the last run and whose file is still there. */
    void restore() throws IOException {
        for (Map.Entry<String, DeployState.Good> file : state.files().entrySet()) {
            DeployState.Good good = file.getValue();
            if (Files.exists(folder.resolve(file.getKey())) && store.has(good.hash())) {
                table.restore(new Claim(Claim.FILE + file.getKey(), store.get(good.hash()), good.arrival()));
            } else {
                state.forget(file.getKey());
            }
        }
    }

    /** Brings into force what was claimed, whoever claimed it. */
    void settleRestored() {
        table.installRestored();
        List<Claim> restored = new ArrayList<>(table.claims().all());
        restored.sort(Comparator.comparingLong(Claim::arrival));
        restored.forEach(claim -> table.settleOrDrop(claim.artifact().symbolicName()));
        restored.forEach(claim -> tell(claim.artifact().symbolicName()));
    }

    /** Uninstalls what an earlier run left behind. */
    void sweep() {
        table.sweep();
    }

    /** Deletes the copies that nobody claims any more. */
    void sweepCopies() throws IOException {
        store.keep(table.claims().all().stream()
                .map(claim -> claim.artifact().hash())
                .toList());
    }

    /**
     * Takes a new or changed file in.
     *
     * @throws ArtifactStore.BadZip if it may be a copy in progress
     * @throws Refused if its bundle is not brought into force; that is in the ledger already
     */
    Deployment changed(String name) throws ArtifactStore.BadZip {
        Path file = folder.resolve(name);
        unresolved.remove(name);
        Artifact artifact;
        try {
            artifact = store.take(file);
        } catch (ArtifactStore.BadZip e) {
            throw e;
        } catch (IOException e) {
            throw refused(name, name, "", new Refused(Refused.said(e), e));
        } catch (Refused e) {
            throw refused(name, name, "", e);
        }
        return changed(name, artifact);
    }

    private Deployment changed(String name, Artifact artifact) {
        String owner = Claim.FILE + name;
        List<Claim> before = table.claims().ownedBy(owner);
        boolean serves = before.stream().anyMatch(c -> c.artifact().hash().equals(artifact.hash()) && table.serves(c));
        if (!serves) {
            long arrival = state.nextArrival();
            try {
                table.propose(new Claim(owner, artifact, arrival));
            } catch (Refused e) {
                if (e.unresolved()) {
                    unresolved.add(name);
                }
                throw refused(name, artifact.symbolicName(), artifact.version().toString(), e);
            }
            state.good(name, new DeployState.Good(artifact.hash(), arrival));
            before.stream()
                    .filter(c -> !c.artifact().symbolicName().equals(artifact.symbolicName()))
                    .forEach(claim -> table.withdraw(List.of(claim)));
        }
        ledger.remove(name + REFUSED);
        tell(artifact.symbolicName());
        return ledger.get(name).orElseThrow();
    }

    /** Gives up what a file that is gone claimed. */
    void gone(String name) {
        unresolved.remove(name);
        ledger.remove(name + REFUSED);
        state.forget(name);
        for (Claim claim : table.claims().ownedBy(Claim.FILE + name)) {
            table.withdraw(List.of(claim));
            tell(claim.artifact().symbolicName());
        }
        ledger.remove(name);
    }

    /** The files whose bundles lacked something that may be there now. */
    List<String> unresolved() {
        return List.copyOf(unresolved);
    }

    /** The files of deployed bundles of that symbolic name, or that themselves bear the name. */
    List<String> filesOf(String name) {
        List<String> files = new ArrayList<>(table.claims().of(name).stream()
                .filter(Claim::byFile)
                .map(Claim::source)
                .toList());
        boolean known =
                ledger.get(name).isPresent() || ledger.get(name + REFUSED).isPresent();
        if (name.endsWith(".jar") && known && !files.contains(name)) {
            files.add(name);
        }
        return files;
    }

    /** A claim of an earlier run that cannot be brought into force any more. */
    void refused(Claim claim, Refused reason) {
        Artifact artifact = claim.artifact();
        if (reason.unresolved()) {
            unresolved.add(claim.source());
        }
        ledger.remove(claim.source());
        refused(claim.source(), artifact.symbolicName(), artifact.version().toString(), reason);
    }

    /** The file that was refused is not in the folder any more. */
    void forgetRefusal(String file) {
        unresolved.remove(file);
        ledger.remove(file + REFUSED);
    }

    Refused refused(String file, String name, String version, Refused reason) {
        ledger.record(
                file + REFUSED, name, version, DeploymentKind.BUNDLE, DeploymentState.FAILED, reason.getMessage());
        return reason;
    }

    /** Writes down where the bundles of a name stand. */
    private void tell(String symbolicName) {
        Optional<Claim> preferred = table.claims().preferred(symbolicName);
        for (Claim claim : table.claims().of(symbolicName)) {
            if (claim.byFile()) {
                tell(claim, preferred.orElseThrow());
            }
        }
    }

    private void tell(Claim claim, Claim preferred) {
        DeploymentState stands;
        String reason = "";
        if (!claim.artifact().hash().equals(preferred.artifact().hash())) {
            stands = DeploymentState.SUPERSEDED;
            reason = preferred.artifact().version() + " of " + preferred.source() + " is preferred";
        } else if (table.serves(claim)) {
            stands = DeploymentState.ACTIVE;
        } else {
            stands = DeploymentState.AT_RESTART;
            reason = "what it replaces is in use for as long as the process lives";
        }
        Artifact artifact = claim.artifact();
        ledger.record(
                claim.source(),
                artifact.symbolicName(),
                artifact.version().toString(),
                DeploymentKind.BUNDLE,
                stands,
                reason);
    }
}
