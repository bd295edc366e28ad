package forge.ai.runtime.deploy;

import forge.ai.runtime.deploy.BundleChange.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has of every symbolic name the preferred bundle in force: a deployed one, or else the distribution's own.
 *
 * <p>What a feature asks for is what the distribution has already, where that is of the same or a higher version.
 */
final class BundleTable {

    private static final Logger LOG = LoggerFactory.getLogger(BundleTable.class);

    private final BundleContext system;
    private final SideBySide swap;
    private final Retirement retirement;
    private final RestartFolder restarts;
    private BiConsumer<Claim, Refused> refusals = (claim, reason) -> {};
    private final Claims claims = new Claims();
    private final Map<String, Bundle> inForce = new HashMap<>();

    BundleTable(BundleContext system, SideBySide swap, Retirement retirement, RestartFolder restarts) {
        this.system = system;
        this.swap = swap;
        this.retirement = retirement;
        this.restarts = restarts;
    }

    /** Who is told when a claim of an earlier run cannot be brought into force any more. */
    void onRefusal(BiConsumer<Claim, Refused> refusals) {
        this.refusals = refusals;
    }

    Claims claims() {
        return claims;
    }

    /** Remembers what was claimed in an earlier run; {@link #settleOrDrop} then brings it into force. */
    void restore(Claim claim) {
        claims.put(claim);
    }

    /** Installs what was claimed in an earlier run, so that what needs each other is there when the first is started. */
    void installRestored() {
        List<Claim> all = new ArrayList<>(claims.all());
        all.sort(Comparator.comparingLong(Claim::arrival));
        for (Claim claim : all) {
            try {
                plan(claim.artifact().symbolicName());
            } catch (Refused e) {
                LOG.debug("{} is refused again when it is settled", claim.artifact(), e);
            }
        }
    }

    /**
     * Takes a claim in and brings into force what is then preferred.
     *
     * @throws Refused if its bundle cannot be brought into force; the owner's earlier claim then still holds
     */
    void propose(Claim claim) {
        BundleChange change = prepare(List.of(claim));
        try {
            change.start();
        } catch (Refused e) {
            change.undo();
            throw e;
        }
        change.commit();
    }

    /**
     * Takes claims in and installs what is then preferred; it is for the caller to start, commit or undo.
     *
     * @throws Refused if one cannot be installed; everything is then as before
     */
    BundleChange prepare(List<Claim> wanted) {
        BundleChange change = new BundleChange(claims, swap, this::enforce);
        try {
            for (Claim claim : wanted) {
                refuseFramework(claim.artifact().symbolicName());
                change.take(claim);
            }
            wanted.forEach(claim -> plan(claim.artifact().symbolicName()).ifPresent(change::add));
            return change;
        } catch (Refused e) {
            change.undo();
            throw e;
        }
    }

    private void refuseFramework(String name) {
        if (system.getBundle().getSymbolicName().equals(name)) {
            throw new Refused(name + " is the framework itself, which a new start takes from the distribution");
        }
    }

    /** Gives claims up; what nobody claims any more is uninstalled, and what it superseded comes back. */
    void withdraw(Collection<Claim> given) {
        List<String> names = given.stream()
                .filter(claim -> claims.remove(claim.owner(), claim.artifact().symbolicName())
                        .isPresent())
                .map(claim -> claim.artifact().symbolicName())
                .toList();
        try {
            settle(names);
        } catch (Refused e) {
            // Not all at once, then: each as well as it goes.
            names.forEach(this::settleOrDrop);
        }
    }

    /** Brings the preferred bundle of a name into force; one that cannot be is reported, and the next best taken. */
    void settleOrDrop(String name) {
        while (true) {
            try {
                settle(List.of(name));
                return;
            } catch (Refused e) {
                Optional<Claim> failed = claims.preferred(name);
                if (failed.isEmpty()) {
                    LOG.error("{} of the distribution does not come back: {}", name, e.getMessage());
                    Optional.ofNullable(inForce.remove(name)).ifPresent(b -> retirement.start(List.of(b)));
                    return;
                }
                claims.remove(failed.get().owner(), name);
                refusals.accept(failed.get(), e);
            }
        }
    }

    private void settle(List<String> names) {
        BundleChange change = new BundleChange(claims, swap, this::enforce);
        try {
            names.forEach(name -> plan(name).ifPresent(change::add));
            change.start();
        } catch (Refused e) {
            change.undo();
            throw e;
        }
        change.commit();
    }

    /** What has to be done under a name; what has to be installed for it is. */
    private Optional<Step> plan(String name) {
        Optional<Bundle> current = current(name);
        Optional<Artifact> wanted = wanted(name).map(Claim::artifact);
        if (wanted.isEmpty()) {
            return Optional.of(planDistribution(name, Optional.ofNullable(inForce.get(name))));
        }
        Artifact artifact = wanted.get();
        if (current.filter(bundle -> serves(artifact, bundle)).isPresent()) {
            return Optional.empty();
        }
        if (onlyAtRestart(artifact, current)) {
            return Optional.of(new Step(name, wanted, current, Optional.empty(), false));
        }
        Optional<Bundle> left = leftOver(artifact);
        Bundle fresh = left.orElseGet(() -> swap.install(artifact));
        return Optional.of(new Step(name, wanted, current, Optional.of(fresh), left.isEmpty()));
    }

    private Step planDistribution(String name, Optional<Bundle> deployed) {
        Optional<Bundle> own = deployed.isPresent() ? distribution(name) : Optional.empty();
        own.ifPresent(retirement::await);
        return new Step(name, Optional.empty(), deployed, own, false);
    }

    /** Makes steps count whose bundles run, and lets what they replace leave, the last one first. */
    private void enforce(List<Step> steps) {
        List<Bundle> leaving = new ArrayList<>();
        for (Step step : steps) {
            if (step.wanted().isPresent() && step.fresh().isEmpty()) {
                restarts.put(step.wanted().get());
                continue;
            }
            restarts.drop(step.symbolicName());
            inForce.remove(step.symbolicName());
            step.wanted().ifPresent(artifact -> {
                restarts.use(artifact);
                inForce.put(step.symbolicName(), step.fresh().get());
            });
            step.current().ifPresent(leaving::addFirst);
        }
        if (!leaving.isEmpty()) {
            retirement.start(leaving);
        }
    }

    /** The claim to bring into force; empty if what the distribution has is what counts. */
    private Optional<Claim> wanted(String name) {
        return claims.preferred(name).filter(claim -> claim.byFile() || !inDistribution(claim.artifact()));
    }

    private boolean inDistribution(Artifact artifact) {
        return distribution(artifact.symbolicName())
                .filter(own -> own.getVersion().compareTo(artifact.version()) >= 0)
                .isPresent();
    }

    /** The bundle of an earlier run, whose data area is worth keeping. */
    private Optional<Bundle> leftOver(Artifact wanted) {
        return swap.installed().stream()
                .filter(bundle -> SideBySide.of(wanted, bundle) && !retirement.runs(bundle))
                .filter(bundle -> (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0)
                .findFirst();
    }

    /** Whether what a claim asks for is in force. */
    boolean serves(Claim claim) {
        Artifact artifact = claim.artifact();
        return current(artifact.symbolicName())
                .filter(bundle -> serves(artifact, bundle)
                        || !claim.byFile() && bundle.getVersion().compareTo(artifact.version()) >= 0)
                .isPresent();
    }

    private boolean serves(Artifact artifact, Bundle bundle) {
        return SideBySide.of(artifact, bundle) || restarts.started(artifact, bundle);
    }

    /** The bundle that serves under a name now. */
    Optional<Bundle> current(String name) {
        return Optional.ofNullable(inForce.get(name))
                .or(() -> distribution(name)
                        .filter(own -> !retirement.runs(own))
                        .filter(own ->
                                (own.getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0 || restarts.fragment(own)));
    }

    Optional<Bundle> distribution(String name) {
        return Stream.of(system.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()) && !SideBySide.deployed(bundle))
                .max(Comparator.comparing(Bundle::getVersion));
    }

    /** Natives are loaded once per process, and what the runtime is wired to cannot leave without stopping it. */
    private boolean onlyAtRestart(Artifact wanted, Optional<Bundle> current) {
        return wanted.fragment()
                || wanted.restart() && (current.isPresent() || restarts.usedBefore(wanted.symbolicName()))
                || current.filter(bundle -> !SideBySide.deployed(bundle) && used(bundle))
                        .isPresent();
    }

    private static boolean used(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        return wiring != null
                && wiring.getProvidedWires(PackageNamespace.PACKAGE_NAMESPACE).stream()
                        .anyMatch(wire -> !bundle.equals(wire.getRequirer().getBundle()));
    }

    /** Uninstalls what an earlier run left behind and nobody claims. */
    void sweep() {
        List<Bundle> kept = List.copyOf(inForce.values());
        List<Bundle> left = swap.installed().stream()
                .filter(bundle -> !kept.contains(bundle) && !retirement.runs(bundle))
                .toList();
        if (!left.isEmpty()) {
            retirement.start(left);
        }
    }

    /** Waits until the bundles that were replaced or withdrawn are out of service, at most for so long. */
    void awaitRetired(Duration limit) {
        retirement.awaitAll(limit);
    }
}
