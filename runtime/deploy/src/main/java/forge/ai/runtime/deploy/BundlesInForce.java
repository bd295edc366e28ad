package forge.ai.runtime.deploy;

import forge.ai.runtime.deploy.BundleChange.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;

/** The bundles that serve: of every symbolic name a deployed one, or else the distribution's. */
final class BundlesInForce {

    private final BundleContext system;
    private final SideBySide swap;
    private final Retirement retirement;
    private final RestartFolder restarts;
    private final Map<String, Bundle> deployed = new HashMap<>();

    BundlesInForce(BundleContext system, SideBySide swap, Retirement retirement, RestartFolder restarts) {
        this.system = system;
        this.swap = swap;
        this.retirement = retirement;
        this.restarts = restarts;
    }

    /** The deployed bundle that serves under a name. */
    Optional<Bundle> deployed(String name) {
        return Optional.ofNullable(deployed.get(name));
    }

    /** Whether what a claim asks for is in force. */
    boolean serves(Claim claim) {
        Artifact artifact = claim.artifact();
        return current(artifact.symbolicName())
                .filter(bundle -> serves(artifact, bundle)
                        || !claim.byFile() && bundle.getVersion().compareTo(artifact.version()) >= 0)
                .isPresent();
    }

    boolean serves(Artifact artifact, Bundle bundle) {
        return swap.of(artifact, bundle) || restarts.started(artifact, bundle);
    }

    /** The bundle that serves under a name now. */
    Optional<Bundle> current(String name) {
        return Optional.ofNullable(deployed.get(name))
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
    boolean onlyAtRestart(Artifact wanted, Optional<Bundle> current) {
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

    /** The bundle of an earlier run, whose data area is worth keeping. */
    Optional<Bundle> leftOver(Artifact wanted) {
        return swap.installed().stream()
                .filter(bundle -> swap.of(wanted, bundle) && !retirement.runs(bundle))
                .filter(bundle -> (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0)
                .findFirst();
    }

    /** Whether the distribution has a bundle in the same or a higher version. */
    boolean inDistribution(Artifact artifact) {
        return distribution(artifact.symbolicName())
                .filter(own -> own.getVersion().compareTo(artifact.version()) >= 0)
                .isPresent();
    }

    /** Makes steps count whose bundles run, and lets what they replace leave, the last one first. */
    void enforce(List<Step> steps) {
        List<Bundle> leaving = new ArrayList<>();
        for (Step step : steps) {
            if (step.wanted().isPresent() && step.fresh().isEmpty()) {
                restarts.put(step.wanted().get());
                continue;
            }
            restarts.drop(step.symbolicName());
            deployed.remove(step.symbolicName());
            step.wanted().ifPresent(artifact -> {
                restarts.use(artifact);
                deployed.put(step.symbolicName(), step.fresh().get());
            });
            step.current().ifPresent(leaving::addFirst);
            if (step.wanted().isEmpty()) {
                leaving.addAll(swap.release(step.symbolicName()));
            }
        }
        if (!leaving.isEmpty()) {
            retirement.start(leaving);
        }
    }

    /** Uninstalls what an earlier run left behind and nobody claims. */
    void sweep() {
        List<Bundle> kept = List.copyOf(deployed.values());
        List<Bundle> left = swap.installed().stream()
                .filter(bundle -> !kept.contains(bundle) && !retirement.runs(bundle))
                .toList();
        if (!left.isEmpty()) {
            retirement.start(left);
        }
    }

    /** Has a bundle leave that nothing replaces. */
    void retire(String name) {
        deployed(name).ifPresent(bundle -> {
            deployed.remove(name);
            List<Bundle> leaving = new ArrayList<>(List.of(bundle));
            leaving.addAll(swap.release(name));
            retirement.start(leaving);
        });
    }

    /** Waits, bounded, until a bundle that was leaving can be started again. */
    void awaitRetired(Bundle bundle) {
        retirement.await(bundle);
    }

    /** Waits until the bundles that were replaced or withdrawn are out of service, at most for so long. */
    void awaitRetired(Duration limit) {
        retirement.awaitAll(limit);
    }
}
