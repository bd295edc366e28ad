package forge.ai.runtime.models;

import forge.ai.api.model.ModelSignature;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A version in memory: one instance or more, all loaded from the same. Changed under the lock of the {@link Catalog};
 * calls enter without it.
 */
final class Served {

    private final Target target;
    private final String digest;
    private final ModelSignature signature;
    private volatile Instance[] instances;

    /** @param loaded one or more */
    Served(Target target, String digest, List<Instance> loaded) {
        this.target = target;
        this.digest = digest;
        this.signature = loaded.getFirst().loaded().signature();
        this.instances = loaded.toArray(Instance[]::new);
    }

    Target target() {
        return target;
    }

    String digest() {
        return digest;
    }

    ModelSignature signature() {
        return signature;
    }

    List<Instance> instances() {
        return List.of(instances);
    }

    int size() {
        return instances.length;
    }

    /** About how many bytes it takes. */
    long memory() {
        return Arrays.stream(instances).mapToLong(Instance::memory).sum();
    }

    /** How many calls hold an instance of it. */
    long inside() {
        return Arrays.stream(instances).mapToLong(i -> i.gate().inside()).sum();
    }

    void add(List<Instance> more) {
        instances = Stream.concat(Arrays.stream(instances), more.stream()).toArray(Instance[]::new);
    }

    /** Takes out the instance that the fewest calls hold; the last one stays. */
    Instance removeIdlest() {
        Instance idlest = idlest(instances);
        instances = Arrays.stream(instances).filter(i -> i != idlest).toArray(Instance[]::new);
        return idlest;
    }

    /** The instance that the fewest calls hold, entered for one more; null if all are just leaving. */
    @Nullable
    Instance enter() {
        Instance[] now = instances;
        Instance first = now.length == 1 ? now[0] : idlest(now);
        if (first.gate().enter()) {
            return first;
        }
        for (Instance other : now) {
            if (other.gate().enter()) {
                return other;
            }
        }
        return null;
    }

    private static Instance idlest(Instance[] all) {
        Instance idlest = all[0];
        long least = idlest.gate().inside();
        for (int i = 1; i < all.length && least > 0; i++) {
            long inside = all[i].gate().inside();
            if (inside < least) {
                idlest = all[i];
                least = inside;
            }
        }
        return idlest;
    }
}
