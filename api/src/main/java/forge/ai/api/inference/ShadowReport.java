package forge.ai.api.inference;

import java.time.Duration;
import java.util.Objects;

/**
 * How the answers of a shadow compare with those that callers got, since the shadow became ready.
 *
 * @param model the model's name
 * @param version the version that is the shadow
 * @param equal requests whose answers differed by no more than the tolerance
 * @param different requests whose answers differed by more, in a name, in shape or in type
 * @param failed requests that the shadow answered with an error
 * @param skipped requests that were to be compared, but not while others waited for the engine
 * @param largestDifference the largest of {@code |a - b| / (1 + max(|a|, |b|))} over all numbers compared; infinite if
 *     answers differed in another way
 * @param differed in which output it was; empty if there was none
 * @param computed how long the computations of the compared answers took in all
 * @param shadowed how long those of the shadow took
 */
public record ShadowReport(
        String model,
        long version,
        long equal,
        long different,
        long failed,
        long skipped,
        double largestDifference,
        String differed,
        Duration computed,
        Duration shadowed) {

    public ShadowReport {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(differed, "differed");
        Objects.requireNonNull(computed, "computed");
        Objects.requireNonNull(shadowed, "shadowed");
    }
}
