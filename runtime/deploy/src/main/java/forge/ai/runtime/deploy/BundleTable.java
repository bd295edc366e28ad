package forge.ai.runtime.deploy;

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

/** Has of every symbolic name the preferred bundle in force: a deployed one, or else the distribution's own. */
final class BundleTable {

    private static final Logger LOG = LoggerFactory.getLogger(BundleTable.class);

    private final BundleContext system;
    private final SideBySide swap;
    private final Retirement retirement;
    private final RestartFolder restarts;
    private BiConsumer<Claim, Refused> refusals = (claim, reason) -> {};
    private final Claims claims = new Claims();
    private final Map<String, Bundle> inForce = new HashMap<>();

    BundleTable(BundleContext system, SideBySide swap, RestartFolder restarts) {
        this.system = system;
        this.swap = swap;
        this.retirement = new Retirement(swap::retire);
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

    /**
     * Takes a claim in and brings into force what is then preferred.
     *
     * @throws Refused if its bundle cannot be brought into force; the owner's earlier claim then still holds
     */
    void propose(Claim claim) {
        String name = claim.artifact().symbolicName();
        if (system.getBundle().getSymbolicName().equals(name)) {
            throw new Refused(name + " is the framework itself, which a new start takes from the distribution");
        }
        Optional<Claim> before = claims.put(claim);
        try {
            settle(name);
        } catch (Refused e) {
            before.ifPresentOrElse(claims::put, () -> claims.remove(claim.owner(), name));
            throw e;
        }
    }

    /** Gives a claim up; what nobody claims any more is uninstalled, and what it superseded comes back. */
    void withdraw(Claim claim) {
        String name = claim.artifact().symbolicName();
        if (claims.remove(claim.owner(), name).isPresent()) {
            settleOrDrop(name);
        }
    }

    /** Brings the preferred bundle of a name into force; one that cannot be is reported, and the next best taken. */
    void settleOrDrop(String name) {
        while (true) {
            try {
                settle(name);
                return;
            } catch (Refused e) {
                Claim failed = claims.preferred(name).orElseThrow(() -> e);
                claims.remove(failed.owner(), name);
                refusals.accept(failed, e);
            }
        }
    }

    private void settle(String name) {
        Optional<Bundle> current = current(name);
        Optional<Artifact> wanted = claims.preferred(name).map(Claim::artifact);
        if (wanted.isPresent()) {
            settle(wanted.get(), current);
        } else {
            restarts.drop(name);
            Bundle deployed = inForce.remove(name);
            if (deployed != null) {
                distribution(name).ifPresent(own -> comeBack(own, deployed));
                retirement.start(deployed);
            }
        }
    }

    private void settle(Artifact wanted, Optional<Bundle> current) {
        if (current.filter(bundle -> serves(wanted, bundle)).isPresent()) {
            return;
        }
        if (onlyAtRestart(wanted, current)) {
            restarts.put(wanted);
            return;
        }
        restarts.drop(wanted.symbolicName());
        Optional<Bundle> left = leftOver(wanted);
        left.ifPresent(bundle -> swap.start(bundle, current));
        Bundle fresh = left.orElseGet(() -> swap.install(wanted, current));
        restarts.use(wanted);
        inForce.put(wanted.symbolicName(), fresh);
        current.ifPresent(retirement::start);
    }

    /** The bundle of an earlier run, whose data area is worth keeping. */
    private Optional<Bundle> leftOver(Artifact wanted) {
        return swap.installed().stream()
                .filter(bundle -> SideBySide.of(wanted, bundle) && !retirement.runs(bundle))
                .filter(bundle -> (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0)
                .findFirst();
    }

    private void comeBack(Bundle own, Bundle deployed) {
        retirement.await(own);
        try {
            swap.start(own, Optional.of(deployed));
        } catch (Refused e) {
            LOG.error("{} of the distribution does not come back: {}", own, e.getMessage());
        }
    }

    /** Whether what a claim asks for is in force. */
    boolean serves(Artifact artifact) {
        return current(artifact.symbolicName())
                .filter(bundle -> serves(artifact, bundle))
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
        return wanted.restart() && (current.isPresent() || restarts.usedBefore(wanted.symbolicName()))
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
        swap.installed().stream()
                .filter(bundle -> !kept.contains(bundle) && !retirement.runs(bundle))
                .forEach(retirement::start);
    }

    /** Waits, bounded, until a bundle that was replaced or withdrawn is out of service. */
    void awaitRetired() {
        swap.installed().forEach(retirement::await);
    }
}
