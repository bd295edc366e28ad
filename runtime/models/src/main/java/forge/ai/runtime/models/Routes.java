package forge.ai.runtime.models;

import forge.ai.api.NotFoundException;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.VersionSelector;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How calls find the versions of one model, without a lock.
 *
 * @param config the settings in force
 * @param usual the version that is meant where none is named
 * @param split draws the version for a request that names none
 */
record Routes(ModelConfig config, Map<Long, Slot> slots, Optional<Slot> usual, TrafficSplit split) {

    Routes {
        slots = Map.copyOf(slots);
    }

    /** The version that computes a request. */
    Slot choose(String model, VersionSelector selector) {
        Slot drawn = selector instanceof VersionSelector.Default ? split.draw() : null;
        return drawn != null ? drawn : find(model, selector);
    }

    /** The version that is meant. */
    Slot find(String model, VersionSelector selector) {
        return switch (selector) {
            case VersionSelector.Default any ->
                usual.orElseThrow(() -> new NotFoundException("model " + model + " has no " + missing("stable")));
            case VersionSelector.Number(long number) -> number(model, number);
            case VersionSelector.Label(String label) -> {
                Map<String, Long> labels = config.labels();
                Long number = labels.get(label);
                if (number == null) {
                    throw new NotFoundException("model %s has no label %s; it has: %s"
                            .formatted(model, label, labels.isEmpty() ? "none" : new TreeSet<>(labels.keySet())));
                }
                yield number(model, number);
            }
        };
    }

    private Slot number(String model, long number) {
        Slot slot = slots.get(number);
        if (slot == null) {
            throw new NotFoundException("model %s has no version %d; it has: %s"
                    .formatted(model, number, slots.isEmpty() ? "none" : new TreeSet<>(slots.keySet())));
        }
        return slot;
    }

    private String missing(String label) {
        Map<String, Long> labels = config.labels();
        return labels.containsKey(label) ? "version " + labels.get(label) + ", which is labelled " + label : "version";
    }
}
