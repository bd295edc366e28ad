package forge.ai.runtime.models;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Whether there is room for what is to be loaded. Instances beyond the fewest that a model wants give way, those of the
 * least busy versions first; a version that serves never does, for taking it away would turn a lack of memory into an
 * outage. Used under the lock of the {@link Catalog}.
 *
 * @param limit in bytes; 0 for none
 * @param leaving instances that are out of service but not closed yet
 */
record MemoryBudget(long limit, Loader loader, Collection<CatalogModel> models, List<Instance> leaving) {

    /** How soon there is room. */
    enum Room {
        NOW,
        /** Once what leaves is closed. */
        SOON,
        NONE
    }

    /** About how many bytes are taken, by what serves, leaves or is being loaded. */
    long taken() {
        return slots().mapToLong(MemoryBudget::memory).sum() + leavingBytes() + loader.bytes();
    }

    /** Whether there is room without making any. */
    boolean fits(long bytes) {
        return limit == 0 || taken() + bytes <= limit;
    }

    /** From now on an instance is out of service. */
    void leaves(Instance instance) {
        leaving.add(instance);
    }

    /**
     * Looks for room, and makes some if that helps.
     *
     * @param leave called for an instance that gives way, with its slot
     */
    Room find(long bytes, BiConsumer<Slot, Instance> leave) {
        if (fits(bytes)) {
            return Room.NOW;
        }
        long missing = taken() + bytes - limit;
        long coming = leavingBytes();
        if (missing > coming + models.stream().mapToLong(MemoryBudget::spare).sum()) {
            return Room.NONE;
        }
        for (CatalogModel model : models.stream()
                .sorted(Comparator.comparingLong(MemoryBudget::busy))
                .toList()) {
            for (Slot slot : model.slots()) {
                while (coming < missing && surplus(model, slot) > 0) {
                    Instance gives = slot.served().removeIdlest();
                    slot.scale(slot.served().size());
                    coming += gives.memory();
                    leave.accept(slot, gives);
                }
            }
        }
        return Room.SOON;
    }

    private Stream<Slot> slots() {
        return models.stream().flatMap(model -> model.slots().stream());
    }

    private long leavingBytes() {
        return leaving.stream().mapToLong(Instance::memory).sum();
    }

    private static long memory(Slot slot) {
        Served served = slot.served();
        return served == null ? 0 : served.memory();
    }

    private static int surplus(CatalogModel model, Slot slot) {
        Served served = slot.served();
        return served == null
                ? 0
                : served.size() - model.config().serving().instances().min();
    }

    private static long spare(CatalogModel model) {
        return model.slots().stream()
                .mapToLong(slot -> {
                    int surplus = surplus(model, slot);
                    return surplus <= 0 ? 0 : memory(slot) / slot.served().size() * surplus;
                })
                .sum();
    }

    private static long busy(CatalogModel model) {
        return model.slots().stream()
                .mapToLong(slot -> slot.served() == null ? 0 : slot.served().inside())
                .sum();
    }
}
