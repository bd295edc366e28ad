package forge.ai.runtime.models;

import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/** Loading, unloading and labelling by call; each is on the disk before it returns. */
final class Operations {

    /** What a load may take beyond the limit of the backend: waiting for its turn and for the files. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    private final Catalog catalog;
    private final Watcher watcher;
    private final ChoicesFile file;
    private final ReentrantLock writing = new ReentrantLock();

    Operations(Catalog catalog, Watcher watcher, ChoicesFile file) {
        this.catalog = catalog;
        this.watcher = watcher;
        this.file = file;
    }

    void load(String name) {
        watcher.look();
        require(name);
        Deadline limit = Deadline.in(catalog.settings().loadLimit().plus(SLACK));
        if (!catalog.await(limit, () -> settled(name))) {
            throw new UnavailableException("the files of model " + name + " have not stopped changing");
        }
        Choices before = catalog.choices();
        catalog.change(() -> model(name).ifPresent(CatalogModel::retry));
        Set<Long> versions =
                catalog.read(all -> model(name).map(CatalogModel::planned).orElse(Set.of()));
        catalog.choices(choices -> choices.withLoaded(name, versions));
        boolean done = catalog.await(limit, () -> decided(name, versions));
        Optional<ForgeException> failure = catalog.read(all -> failure(name, versions));
        if (!done || failure.isPresent()) {
            catalog.choices(choices -> choices.withLoadedAs(name, before));
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (!done) {
            throw new TimedOutException("model " + name + " was not loaded in time");
        }
        save();
    }

    private boolean settled(String name) {
        return model(name)
                .map(m ->
                        m.configSettled() && m.slots().stream().allMatch(slot -> slot.files() != null || !slot.there()))
                .orElse(true);
    }

    private boolean decided(String name, Set<Long> versions) {
        return model(name)
                .map(m -> m.slots().stream()
                        .filter(slot -> versions.contains(slot.version()))
                        .noneMatch(Slot::loading))
                .orElse(true);
    }

    /** What the caller is told if a version that was asked for does not serve. */
    private Optional<ForgeException> failure(String name, Set<Long> versions) {
        CatalogModel model = model(name).orElseThrow(() -> missing(name));
        if (versions.isEmpty()) {
            return Optional.of(new UnavailableException(
                    "model %s has none of the versions that its config.json asks for; it has: %s"
                            .formatted(name, model.there())));
        }
        for (Slot slot : model.slots()) {
            if (versions.contains(slot.version())) {
                String reason = slot.status().reason();
                if (slot.failure().isPresent()) {
                    ForgeException cause = slot.failure().get();
                    return Optional.of(ForgeException.of(cause.code(), slot + ": " + reason, cause.details()));
                }
                if (slot.instance() == null || !reason.isEmpty()) {
                    return Optional.of(new UnavailableException(slot + ": " + reason));
                }
            }
        }
        return Optional.empty();
    }

    void unload(String name) {
        require(name);
        List<Instance> leaving = catalog.read(all -> model(name).stream()
                .flatMap(m -> m.slots().stream())
                .flatMap(slot -> Optional.ofNullable(slot.instance()).stream())
                .toList());
        catalog.choices(choices -> choices.withUnloaded(
                name, model(name).map(m -> m.folder().fingerprint()).orElse("")));
        save();
        if (!catalog.await(Deadline.in(Catalog.DRAIN), () -> leaving.stream().noneMatch(catalog::leaves))) {
            throw new TimedOutException(
                    "model " + name + " takes no more calls, but some are still in flight; it closes after them");
        }
    }

    void label(String name, String label, long version) {
        require(name);
        if (label.isBlank()) {
            throw new InvalidRequestException("a label must not be blank");
        }
        catalog.choices(choices -> {
            CatalogModel model = model(name).orElseThrow(() -> missing(name));
            if (!model.there().contains(version)) {
                throw new NotFoundException(
                        "model %s has no version %d; it has: %s".formatted(name, version, model.there()));
            }
            long configured = model.config().labels().getOrDefault(label, 0L);
            return choices.withLabel(name, label, new Choices.LabelChoice(version, configured));
        });
        save();
    }

    private void save() {
        writing.lock();
        try {
            file.write(catalog.choices());
        } finally {
            writing.unlock();
        }
    }

    private void require(String name) {
        if (catalog.read(all -> all.get(name)) == null) {
            throw missing(name);
        }
    }

    private NotFoundException missing(String name) {
        return new NotFoundException(
                "no model " + name + "; there are: " + catalog.read(all -> new TreeSet<>(all.keySet())));
    }

    private Optional<CatalogModel> model(String name) {
        return catalog.read(all -> Optional.ofNullable(all.get(name)));
    }
}
