package forge.ai.runtime.llm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** How a route puts its targets in order for a call. */
enum Strategy {
    /** As they are listed. */
    PRIORITY {
        @Override
        List<Target> order(List<Target> targets, Outlook outlook) {
            return targets;
        }
    },
    /** Drawn one after the other, each with the chance that its weight gives it; weight 0 comes last. */
    WEIGHTED {
        @Override
        List<Target> order(List<Target> targets, Outlook outlook) {
            // Efraimidis and Spirakis: the order of u^(1/w) is that of weighted draws without replacement.
            return sorted(
                    targets,
                    target -> target.weight() == 0 ? 0 : -Math.pow(1 - outlook.random(), 1.0 / target.weight()));
        }
    },
    /** The quickest first, in view of the calls that it has in hand; one not used for a while counts as quicker. */
    LEAST_LATENCY {
        @Override
        List<Target> order(List<Target> targets, Outlook outlook) {
            return sorted(targets, target -> outlook.latencyNanos(target) * (1.0 + outlook.active(target)));
        }
    },
    /** The one with the fewest calls in hand first. */
    LEAST_BUSY {
        @Override
        List<Target> order(List<Target> targets, Outlook outlook) {
            return sorted(targets, target -> outlook.active(target) + outlook.random() / 2);
        }
    },
    /** The one where this call costs least first; those without a price last. */
    CHEAPEST {
        @Override
        List<Target> order(List<Target> targets, Outlook outlook) {
            return sorted(targets, outlook::cost);
        }
    };

    /** What is known of the targets at the moment of a call. */
    interface Outlook {
        /** The time that an answer is likely to take; 0 where nothing is known. */
        double latencyNanos(Target target);

        /** Calls in flight. */
        int active(Target target);

        /** What this call is likely to cost; infinite where nothing is known. */
        double cost(Target target);

        /** From 0, inclusive, to 1. */
        double random();
    }

    abstract List<Target> order(List<Target> targets, Outlook outlook);

    /** As it is written in configuration. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Each key is taken once, so that it may be random or change meanwhile; equal keys leave the listed order. */
    private static List<Target> sorted(List<Target> targets, ToDoubleFunction<Target> key) {
        record Keyed(Target target, double key) {}
        List<Keyed> keyed = new ArrayList<>(targets.size());
        targets.forEach(target -> keyed.add(new Keyed(target, key.applyAsDouble(target))));
        keyed.sort(Comparator.comparingDouble(Keyed::key));
        return keyed.stream().map(Keyed::target).toList();
    }
}
