package forge.ai.runtime.models;

import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.Shadow;
import forge.ai.api.model.VersionSelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What is done by call: loading, unloading and the routes to versions; each is on the disk before it returns. */
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
        try {
            if (failure.isPresent()) {
                throw failure.get();
            }
            if (!done) {
                throw new TimedOutException("model " + name + " was not loaded in time");
            }
            keep(choices -> choices);
        } catch (ForgeException e) {
            catalog.choices(choices -> choices.withLoadedAs(name, before));
            throw e;
        }
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
                if (slot.served() == null || !reason.isEmpty()) {
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
                .flatMap(slot -> Stream.ofNullable(slot.served()))
                .flatMap(served -> served.instances().stream())
                .toList());
        keep(choices -> choices.withUnloaded(
                name, model(name).map(m -> m.folder().fingerprint()).orElse("")));
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
        keep(choices -> {
            CatalogModel model = existing(name, Set.of(Long.toString(version)));
            long configured = model.config().labels().getOrDefault(label, 0L);
            return choices.withLabel(name, label, new Choices.LabelChoice(version, configured));
        });
    }

    void traffic(String name, Map<String, Integer> weights) {
        boolean none = weights.values().stream().allMatch(weight -> weight == 0);
        if (weights.values().stream().anyMatch(weight -> weight < 0) || (none && !weights.isEmpty())) {
            throw new InvalidRequestException(
                    "weights are 0 or more, and one at least is more; these are: " + new TreeMap<>(weights));
        }
        keep(choices -> {
            Map<String, Integer> configured =
                    existing(name, weights.keySet()).config().serving().traffic();
            return choices.withTraffic(name, new Choices.TrafficChoice(Map.copyOf(weights), configured));
        });
    }

    void shadow(String name, Shadow shadow) {
        keep(choices -> {
            Set<String> versions = shadow.version().isEmpty() ? Set.of() : Set.of(shadow.version());
            Shadow configured = existing(name, versions).config().serving().shadow();
            return choices.withShadow(name, new Choices.ShadowChoice(shadow, configured));
        });
    }

    /** A model that has all these versions and labels. */
    private CatalogModel existing(String name, Set<String> versions) {
        CatalogModel model = model(name).orElseThrow(() -> missing(name));
        for (String version : versions) {
            Optional<Long> number = model.number(version);
            if (number.isEmpty()) {
                throw new NotFoundException("model %s has no %s; its labels are: %s"
                        .formatted(
                                name,
                                VersionSelector.parse(version),
                                new TreeSet<>(model.effective().labels().keySet())));
            }
            if (!model.there().contains(number.get())) {
                throw new NotFoundException(
                        "model %s has no version %d; it has: %s".formatted(name, number.get(), model.there()));
            }
        }
        return model;
    }

    /** Makes a choice once it is on the disk: what cannot be kept is not done either. */
    private void keep(UnaryOperator<Choices> choose) {
        writing.lock();
        try {
            file.write(catalog.read(all -> choose.apply(catalog.choices())));
            catalog.choices(choose);
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
