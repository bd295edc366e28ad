package forge.ai.runtime.models;

import java.util.Map;
import java.util.Optional;

/**
 * Tells what has stopped changing: what two looks in a row saw alike. At the first look, where there is none before,
 * that which was last changed a while ago.
 *
 * @param before what the look before saw; empty at the first
 * @param oldEnough files last changed before this, in epoch nanoseconds, count as settled
 */
record Settled(Optional<Map<String, ModelFolder>> before, long oldEnough) {

    static Settled first(long oldEnough) {
        return new Settled(Optional.empty(), oldEnough);
    }

    static Settled since(Map<String, ModelFolder> before) {
        return new Settled(Optional.of(before), Long.MIN_VALUE);
    }

    /** The files beside the versions. */
    boolean files(ModelFolder now) {
        return before.map(all -> all.containsKey(now.name())
                        && all.get(now.name()).files().equals(now.files()))
                .orElseGet(() -> now.files().stream().allMatch(file -> file.modified() < oldEnough));
    }

    boolean version(String model, VersionFolder now) {
        return before.map(all -> all.containsKey(model)
                        && now.equals(all.get(model).versions().get(now.version())))
                .orElseGet(() -> now.modified() < oldEnough);
    }

    boolean gone(String model, long version) {
        return before.map(all ->
                        !all.containsKey(model) || !all.get(model).versions().containsKey(version))
                .orElse(true);
    }
}
