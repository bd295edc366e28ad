package forge.ai.runtime.inference;

import forge.ai.api.inference.ShadowReport;
import java.time.Duration;

/** What was counted of one shadow. */
record ShadowTally(
        long equal,
        long different,
        long failed,
        long skipped,
        Difference largest,
        Duration computed,
        Duration shadowed) {

    static final ShadowTally NONE = new ShadowTally(0, 0, 0, 0, Difference.NONE, Duration.ZERO, Duration.ZERO);

    ShadowTally compared(Difference difference, boolean same, Duration took, Duration shadowTook) {
        return new ShadowTally(
                equal + (same ? 1 : 0),
                different + (same ? 0 : 1),
                failed,
                skipped,
                largest.or(difference),
                computed.plus(took),
                shadowed.plus(shadowTook));
    }

    ShadowTally withFailure() {
        return new ShadowTally(equal, different, failed + 1, skipped, largest, computed, shadowed);
    }

    ShadowTally withSkipped() {
        return new ShadowTally(equal, different, failed, skipped + 1, largest, computed, shadowed);
    }

    ShadowReport report(String model, long version) {
        return new ShadowReport(
                model,
                version,
                equal,
                different,
                failed,
                skipped,
                largest.size(),
                largest.output(),
                computed,
                shadowed);
    }
}
