package forge.ai.runtime.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Draws versions by weight, of those that serve. */
final class TrafficSplit {

    private final Slot[] slots;
    private final int[] weights;

    private TrafficSplit(Slot[] slots, int[] weights) {
        this.slots = slots;
        this.weights = weights;
    }

    /** @param find the version that a text means, if it is there */
    static TrafficSplit of(Map<String, Integer> traffic, Function<String, Optional<Slot>> find) {
        List<Slot> slots = new ArrayList<>();
        List<Integer> weights = new ArrayList<>();
        traffic.forEach((version, weight) -> find.apply(version)
                .filter(slot -> weight > 0)
                .ifPresent(slot -> {
                    slots.add(slot);
                    weights.add(weight);
                }));
        return new TrafficSplit(
                slots.toArray(Slot[]::new),
                weights.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The version for one request; null if there is no split, or none of its versions serves. */
    @Nullable
    Slot draw() {
        if (slots.length == 0) {
            return null;
        }
        long total = 0;
        for (int i = 0; i < slots.length; i++) {
            total += slots[i].serves() ? weights[i] : 0;
        }
        if (total == 0) {
            return null;
        }
        long left = ThreadLocalRandom.current().nextLong(total);
        Slot last = null;
        for (int i = 0; i < slots.length && left >= 0; i++) {
            // One that went meanwhile is passed over; the last one that serves takes its share.
            if (slots[i].serves()) {
                last = slots[i];
                left -= weights[i];
            }
        }
        return last;
    }
}
