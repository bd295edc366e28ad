package forge.ai.runtime.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;

/**
 * Bundles that come into force together, or not at all: they are installed, then started, and only once it is
 * committed does what they replace leave.
 */
final class BundleChange {

    /**
     * What changes under one symbolic name.
     *
     * @param wanted what is to be in force; empty for what the distribution has, if anything
     * @param current what has been in force until now
     * @param fresh what takes its place in this process; empty if nothing does, or only at the next start
     * @param installed whether {@code fresh} was installed for this change
     */
    record Step(
            String symbolicName,
            Optional<Artifact> wanted,
            Optional<Bundle> current,
            Optional<Bundle> fresh,
            boolean installed) {}

    private final Claims claims;
    private final SideBySide swap;
    private final Consumer<List<Step>> enforce;
    private final Map<Claim, Optional<Claim>> taken = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();

    /** @param enforce makes steps count whose bundles run */
    BundleChange(Claims claims, SideBySide swap, Consumer<List<Step>> enforce) {
        this.claims = claims;
        this.swap = swap;
        this.enforce = enforce;
    }

    void take(Claim claim) {
        taken.put(claim, claims.put(claim));
    }

    void add(Step step) {
        steps.add(step);
    }

    /**
     * Starts the bundles in their order and returns when all serve.
     *
     * @throws Refused if one does not; the caller then undoes it all
     */
    void start() {
        for (Step step : steps) {
            step.fresh().ifPresent(bundle -> swap.start(bundle, step.current()));
        }
    }

    /** Lets what was replaced leave. */
    void commit() {
        enforce.accept(steps);
    }

    /** Makes everything as it was. */
    void undo() {
        for (Step step : steps.reversed()) {
            step.fresh().ifPresent(bundle -> {
                if (step.installed()) {
                    swap.retire(bundle);
                } else {
                    swap.stop(bundle);
                }
            });
        }
        for (Claim claim : List.copyOf(taken.keySet()).reversed()) {
            taken.get(claim)
                    .ifPresentOrElse(
                            claims::put,
                            () -> claims.remove(claim.owner(), claim.artifact().symbolicName()));
        }
    }
}
