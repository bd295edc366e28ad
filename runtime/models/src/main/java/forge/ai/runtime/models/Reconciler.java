package forge.ai.runtime.models;

import forge.ai.api.ForgeException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

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
    private final Collection<CatalogModel> models;
    private final List<Slot> left = new ArrayList<>();
    private final List<Instance> leaving = new ArrayList<>();

    Reconciler(
            Settings settings,
            Backends backends,
            Loader loader,
            Announcements announcements,
            Collection<CatalogModel> models) {
        this.settings = settings;
        this.backends = backends;
        this.loader = loader;
        this.announcements = announcements;
        this.models = models;
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
                if (slot.instance() == null) {
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
        } else if (!model.configError().isEmpty() && slot.instance() == null) {
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
                pursue(model, slot, target(model.config(), slot, files, backend.get()));
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
        String reason = slot.instance() == null ? "waits until its files have stopped changing" : "";
        become(
                model,
                slot,
                known ? ModelState.LOADING : ModelState.UNAVAILABLE,
                reason,
                model.config().backend());
    }

    private Target target(ModelConfig config, Slot slot, VersionFolder files, BoundBackend backend) {
        Instance now = slot.instance();
        // By call only: then files changed meanwhile are taken up by the next call, or when the backend is replaced.
        boolean keep = settings.explicit() && now != null && now.target().backend() == backend && !slot.reload();
        int threads = Runtime.getRuntime().availableProcessors();
        return new Target(backend, keep ? now.target().files() : files, config.device(), threads, config.parameters());
    }

    private void pursue(CatalogModel model, Slot slot, Target target) {
        String backend = target.backend().name();
        if (slot.serves(target)) {
            slot.reload(false);
            slot.stopLoading();
            slot.forgetFailure();
        } else if (!slot.awaits(target) && !slot.failed(target)) {
            start(slot, target);
        }
        if (slot.failed(target)) {
            dropOrphan(slot);
            String reason = slot.failure().map(ForgeException::getMessage).orElse("");
            become(model, slot, ModelState.FAILED, reason, backend);
        } else {
            become(model, slot, ModelState.LOADING, model.configError(), backend);
        }
    }

    private void start(Slot slot, Target target) {
        long used = loader.bytes();
        for (CatalogModel model : models) {
            for (Slot other : model.slots()) {
                Instance instance = other.instance();
                used += instance == null ? 0 : instance.target().files().bytes();
            }
        }
        long needed = target.files().bytes();
        if (settings.memoryBudget() > 0 && used + needed > settings.memoryBudget()) {
            slot.fail(
                    target,
                    new ResourceExhaustedException(
                            "needs %d MiB, and %d of memoryBudgetMiB=%d are in use; unload a model or raise the budget"
                                    .formatted(needed / MIB + 1, used / MIB, settings.memoryBudget() / MIB)));
        } else {
            slot.await(target);
            loader.add(new LoadJob(slot, target), settings.parallelLoads());
        }
    }

    /** Takes out of service what a backend loaded that is not there any more and that no other can load. */
    private void dropOrphan(Slot slot) {
        Instance instance = slot.instance();
        if (instance != null && !backends.contains(instance.target().backend())) {
            slot.lose();
            leave(slot);
        }
    }

    private void dispose(CatalogModel model, Slot slot) {
        slot.stopLoading();
        slot.forgetFailure();
        leave(slot);
        String reason = slot.there() ? "" : "its files are gone";
        ModelState state = slot.draining() ? ModelState.UNLOADING : ModelState.UNAVAILABLE;
        become(model, slot, state, reason, slot.status().backend());
    }

    private void leave(Slot slot) {
        @Nullable Instance old = slot.serve(null);
        if (old != null) {
            slot.drains(1);
            left.add(slot);
            leaving.add(old);
        }
    }

    /** @param otherwise the state unless an instance serves; then {@code reason} says what its successor lacks */
    private void become(CatalogModel model, Slot slot, ModelState otherwise, String reason, String backend) {
        Instance instance = slot.instance();
        ModelState state = instance == null ? otherwise : ModelState.READY;
        String by = instance == null ? backend : instance.target().backend().name();
        if (slot.become(state, reason, by, model.labelsOf(slot.version()))) {
            announcements.note(slot.status());
        }
    }
}
