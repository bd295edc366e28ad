package forge.ai.runtime.models;

import forge.ai.api.ForgeException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.model.Instances;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.Warmup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Brings one version after the other in line with what it should be: starts a load, takes an instance out of service,
 * or says why neither is possible. Used by the {@link Catalog} under its lock.
 */
final class Reconciler {

    private static final long MIB = 1 << 20;

    private final Settings settings;
    private final Backends backends;
    private final Loader loader;
    private final Announcements announcements;
    private final MemoryBudget memory;
    private final List<Slot> left = new ArrayList<>();
    private final List<Instance> leaving = new ArrayList<>();

    Reconciler(Settings settings, Backends backends, Loader loader, Announcements announcements, MemoryBudget memory) {
        this.settings = settings;
        this.backends = backends;
        this.loader = loader;
        this.announcements = announcements;
        this.memory = memory;
    }

    /** Calls {@code retire} for each instance taken out of service, to be done once no call can find it any more. */
    void retire(BiConsumer<Slot, Instance> retire) {
        for (int i = 0; i < leaving.size(); i++) {
            retire.accept(left.get(i), leaving.get(i));
        }
    }

    /** @param wanted the versions that should be loaded */
    void reconcile(CatalogModel model, Set<Long> wanted) {
        for (Slot slot : model.slots()) {
            if (wanted.contains(slot.version())) {
                pursue(model, slot);
            }
        }
        boolean replaced = wanted.isEmpty() || replaced(model, wanted);
        for (Slot slot : model.slots()) {
            boolean stays = !replaced && slot.there() && (slot.nearness() > 0 || slot.loading());
            if (!wanted.contains(slot.version()) && stays) {
                pursue(model, slot);
            } else if (!wanted.contains(slot.version())) {
                dispose(model, slot);
            }
        }
        model.purge();
    }

    /** Whether what is wanted serves, so that what is not wanted any more may go. */
    private static boolean replaced(CatalogModel model, Set<Long> wanted) {
        boolean serving = false;
        for (Slot slot : model.slots()) {
            if (wanted.contains(slot.version()) && !slot.failedOnly()) {
                if (slot.served() == null) {
                    return false;
                }
                serving = true;
            }
        }
        return serving;
    }

    private void pursue(CatalogModel model, Slot slot) {
        VersionFolder files = slot.files();
        if (files == null || !model.configSettled()) {
            waitForFiles(model, slot);
        } else if (!model.configError().isEmpty() && slot.served() == null) {
            slot.stopLoading();
            become(
                    model,
                    slot,
                    ModelState.FAILED,
                    model.configError(),
                    model.config().backend());
        } else {
            Optional<BoundBackend> backend = backends.choose(model.config().backend(), files.names());
            if (backend.isPresent()) {
                pursue(model, slot, target(model, slot, files, backend.get()));
            } else {
                slot.stopLoading();
                dropOrphan(slot);
                String missing = backends.missing(model.config().backend(), files.names());
                become(
                        model,
                        slot,
                        ModelState.UNAVAILABLE,
                        missing,
                        model.config().backend());
            }
        }
    }

    private void waitForFiles(CatalogModel model, Slot slot) {
        VersionFolder seen = model.folder().versions().get(slot.version());
        dropOrphan(slot);
        boolean known = seen != null
                && backends.choose(model.config().backend(), seen.names()).isPresent();
        String reason = slot.served() == null ? "waits until its files have stopped changing" : "";
        become(
                model,
                slot,
                known ? ModelState.LOADING : ModelState.UNAVAILABLE,
                reason,
                model.config().backend());
    }

    private Target target(CatalogModel model, Slot slot, VersionFolder files, BoundBackend backend) {
        ModelConfig config = model.config();
        Served now = slot.served();
        // By call only: then files changed meanwhile are taken up by the next call, or when the backend is replaced.
        boolean keep = settings.explicit() && now != null && now.target().backend() == backend && !slot.reload();
        // Counted for the most instances: those there do not change when others come.
        int threads = Math.max(
                1,
                Runtime.getRuntime().availableProcessors()
                        / config.serving().instances().max());
        Warmup warmup = config.serving().warmup();
        return new Target(
                backend,
                keep ? now.target().files() : files,
                config.device(),
                threads,
                config.parameters(),
                warmup,
                keep ? now.target().warmupFile() : model.file(warmup.file()));
    }

    private void pursue(CatalogModel model, Slot slot, Target target) {
        String backend = target.backend().name();
        if (slot.serves(target)) {
            slot.reload(false);
            slot.stopLoading();
            slot.forgetFailure();
            size(model, slot, target);
        } else if (!slot.failed(target) && (!slot.awaits(target) || slot.starving())) {
            start(model, slot, target);
        }
        if (slot.failed(target)) {
            dropOrphan(slot);
            String reason = slot.failure().map(ForgeException::getMessage).orElse("");
            become(model, slot, ModelState.FAILED, reason, backend);
        } else {
            become(model, slot, ModelState.LOADING, model.configError(), backend);
        }
    }

    /** Loads a version that takes over from another with as many instances as that has, if there is room for them. */
    private void start(CatalogModel model, Slot slot, Target target) {
        Instances limits = model.config().serving().instances();
        int most = Math.clamp(Math.max(slot.scale(), model.mostInstances()), limits.min(), limits.max());
        long each = slot.estimate(target.files());
        if (memory.fits(most * each)) {
            load(slot, target, most, each);
            return;
        }
        switch (memory.find(limits.min() * each, this::leave)) {
            case NOW -> load(slot, target, limits.min(), each);
            case SOON -> {
                slot.await(target);
                slot.starving(true);
            }
            case NONE ->
                slot.fail(
                        target,
                        new ResourceExhaustedException(
                                "needs %d MiB, and %d of memoryBudgetMiB=%d are in use; unload a model or raise the budget"
                                        .formatted(
                                                limits.min() * each / MIB + 1,
                                                memory.taken() / MIB,
                                                settings.memoryBudget() / MIB)));
        }
    }

    private void load(Slot slot, Target target, int instances, long each) {
        slot.await(target);
        slot.scale(instances);
        loader.add(new LoadJob(slot, target, "", instances, each), settings.parallelLoads());
    }

    /** Brings the instances of a version that serves to the number that is asked for. */
    private void size(CatalogModel model, Slot slot, Target target) {
        Served served = slot.served();
        Instances limits = model.config().serving().instances();
        int asked = Math.clamp(slot.scale(), limits.min(), limits.max());
        int more = asked - served.size();
        long each = slot.estimate(target.files());
        if (more > 0 && !slot.growing()) {
            if (memory.fits(more * each)) {
                slot.growing(true);
                loader.add(new LoadJob(slot, target, served.digest(), more, each), settings.parallelLoads());
            } else {
                slot.scale(served.size());
            }
        }
        while (served.size() > asked) {
            leave(slot, served.removeIdlest());
        }
    }

    /** Takes out of service what a backend loaded that is not there any more and that no other can load. */
    private void dropOrphan(Slot slot) {
        Served served = slot.served();
        if (served != null && !backends.contains(served.target().backend())) {
            slot.lose();
            leave(slot);
        }
    }

    private void dispose(CatalogModel model, Slot slot) {
        slot.stopLoading();
        slot.forgetFailure();
        slot.scale(0);
        leave(slot);
        String reason = slot.there() ? "" : "its files are gone";
        ModelState state = slot.draining() ? ModelState.UNLOADING : ModelState.UNAVAILABLE;
        become(model, slot, state, reason, slot.status().backend());
    }

    private void leave(Slot slot) {
        Served old = slot.serve(null);
        if (old != null) {
            old.instances().forEach(instance -> leave(slot, instance));
        }
    }

    private void leave(Slot slot, Instance instance) {
        slot.drains(1);
        left.add(slot);
        leaving.add(instance);
        memory.leaves(instance);
    }

    /** @param otherwise the state unless an instance serves; then {@code reason} says what its successor lacks */
    private void become(CatalogModel model, Slot slot, ModelState otherwise, String reason, String backend) {
        Served served = slot.served();
        ModelState state = served == null ? otherwise : ModelState.READY;
        String by = served == null ? backend : served.target().backend().name();
        if (slot.become(state, reason, by, model.labelsOf(slot.version()))) {
            announcements.note(slot.status());
        }
    }
}
