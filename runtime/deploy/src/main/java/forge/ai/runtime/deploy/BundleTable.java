package forge.ai.runtime.deploy;

import forge.ai.runtime.deploy.BundleChange.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has of every symbolic name the preferred bundle in force: a deployed one, or else the distribution's own.
 *
 * <p>What a feature asks for is what the distribution has already, where that is of the same or a higher version.
 */
final class BundleTable {

    private static final Logger LOG = LoggerFactory.getLogger(BundleTable.class);

    private final String framework;
    private final SideBySide swap;
    private final BundlesInForce inForce;
    private final Claims claims = new Claims();
    private BiConsumer<Claim, Refused> refusals = (claim, reason) -> {};

    /** @param framework the symbolic name of the framework */
    BundleTable(String framework, SideBySide swap, BundlesInForce inForce) {
        this.framework = framework;
        this.swap = swap;
        this.inForce = inForce;
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
        BundleChange change = new BundleChange(claims, swap, inForce::enforce);
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
        if (framework.equals(name)) {
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
                    inForce.retire(name);
                    return;
                }
                claims.remove(failed.get().owner(), name);
                refusals.accept(failed.get(), e);
            }
        }
    }

    private void settle(List<String> names) {
        BundleChange change = new BundleChange(claims, swap, inForce::enforce);
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
        Optional<Bundle> current = inForce.current(name);
        Optional<Artifact> wanted = wanted(name).map(Claim::artifact);
        if (wanted.isEmpty()) {
            return Optional.of(planDistribution(name, inForce.deployed(name)));
        }
        Artifact artifact = wanted.get();
        if (current.filter(bundle -> inForce.serves(artifact, bundle)).isPresent()) {
            return Optional.empty();
        }
        if (inForce.onlyAtRestart(artifact, current)) {
            return Optional.of(new Step(name, wanted, current, Optional.empty(), false));
        }
        Optional<Bundle> left = inForce.leftOver(artifact);
        Bundle fresh = left.orElseGet(() -> current.filter(SideBySide::deployed).isPresent()
                ? swap.installReplacement(artifact)
                : swap.install(artifact));
        return Optional.of(new Step(name, wanted, current, Optional.of(fresh), left.isEmpty()));
    }

    private Step planDistribution(String name, Optional<Bundle> deployed) {
        Optional<Bundle> own = deployed.isPresent() ? inForce.distribution(name) : Optional.empty();
        own.ifPresent(inForce::awaitRetired);
        return new Step(name, Optional.empty(), deployed, own, false);
    }

    /** The claim to bring into force; empty if what the distribution has is what counts. */
    private Optional<Claim> wanted(String name) {
        return claims.preferred(name).filter(claim -> claim.byFile() || !inForce.inDistribution(claim.artifact()));
    }

    /** Whether what a claim asks for is in force. */
    boolean serves(Claim claim) {
        return inForce.serves(claim);
    }

    /** Uninstalls what an earlier run left behind and nobody claims. */
    void sweep() {
        inForce.sweep();
    }

    /** Waits until the bundles that were replaced or withdrawn are out of service, at most for so long. */
    void awaitRetired(Duration limit) {
        inForce.awaitRetired(limit);
    }
}
