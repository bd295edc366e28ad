package forge.ai.runtime.models;

import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is in the repository, what of it should be loaded and what is. Every change of files, settings, backends or
 * choices is noted under one lock, and then the {@link Reconciler} brings the rest in line with it.
 */
final class Catalog {

    /** How long something that leaves is waited for. */
    static final Duration DRAIN = Duration.ofSeconds(30);

    /** How often a call that waits for a change looks whether it is there, in nanoseconds. */
    private static final long GLANCE = 500_000;

    /** How long a call leaves a change that is just being made, in nanoseconds. */
    private static final long MOMENT = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, CatalogModel> models = new TreeMap<>();
    private final List<Instance> leaving = new ArrayList<>();
    private final Backends backends = new Backends();
    private final Loader loader = new Loader(this::loaded);
    private final Announcements announcements;
    private Settings settings;
    private Choices choices;
    private boolean closing;
    private volatile Map<String, Routes> routes = Map.of();
    /** Counts the beginnings and ends of changes; odd while one is being made. */
    private volatile long epoch;

    Catalog(Settings settings, Choices choices, Announcements announcements) {
        this.settings = settings;
        this.choices = choices;
        this.announcements = announcements;
    }

    /** How calls find the models; replaced as a whole at every change. */
    Map<String, Routes> routes() {
        return routes;
    }

    long epoch() {
        return epoch;
    }

    /** Reads something under the lock. */
    <T> T read(Function<Map<String, CatalogModel>, T> reading) {
        lock.lock();
        try {
            return reading.apply(models);
        } finally {
            lock.unlock();
        }
    }

    Settings settings() {
        return read(all -> settings);
    }

    Choices choices() {
        return read(all -> choices);
    }

    List<ModelStatus> statuses() {
        return read(all -> all.values().stream()
                .flatMap(model -> model.slots().stream())
                .map(Slot::status)
                .toList());
    }

    void settings(Settings next) {
        change(() -> settings = next);
    }

    void choices(Function<Choices, Choices> choose) {
        change(() -> choices = choose.apply(choices));
    }

    /** Does something under the lock, brings the rest in line with it, and then tells the listeners. */
    void change(Runnable action) {
        lock.lock();
        try {
            epoch = 2 * (epoch / 2) + 1;
            action.run();
            reconcile();
        } finally {
            epoch = 2 * (epoch / 2) + 2;
            lock.unlock();
        }
        announcements.tell();
    }

    private void reconcile() {
        MemoryBudget memory = new MemoryBudget(settings.memoryBudget(), loader, models.values(), leaving);
        Reconciler reconciler = new Reconciler(settings, backends, loader, announcements, memory);
        Map<String, Routes> next = new HashMap<>();
        for (CatalogModel model : models.values()) {
            model.effective(choices.inForce(model.name(), model.config()));
            reconciler.reconcile(model, closing ? Set.of() : wanted(model));
            next.put(model.name(), model.routes());
        }
        routes = Map.copyOf(next);
        reconciler.retire(this::retire);
        loader.next(settings.parallelLoads());
        changed.signalAll();
    }

    private Set<Long> wanted(CatalogModel model) {
        if (settings.explicit()) {
            return choices.loaded().getOrDefault(model.name(), Set.of());
        }
        String unloaded = choices.unloaded().get(model.name());
        boolean rests = unloaded != null && unloaded.equals(model.folder().fingerprint());
        return rests ? Set.of() : model.planned();
    }

    /** Closes an instance that is among those that leave already. */
    private void retire(Slot slot, Instance instance) {
        instance.retire(() -> change(() -> {
            leaving.remove(instance);
            slot.drains(-1);
            // There is memory again: what lacked it may be tried again.
            slots().filter(s -> s.failure()
                            .filter(ResourceExhaustedException.class::isInstance)
                            .isPresent())
                    .forEach(Slot::forgetFailure);
        }));
    }

    private void loaded(LoadJob job, Outcome outcome) {
        change(() -> {
            boolean alone = loader.alone(job);
            boolean expected = loader.finished(job)
                    && job.wanted()
                    && backends.contains(job.target().backend());
            if (!expected) {
                if (outcome instanceof Outcome.Loaded late) {
                    late.instances().forEach(instance -> replaced(job.slot(), instance));
                }
                return;
            }
            switch (outcome) {
                case Outcome.Loaded loaded -> {
                    loaded.instances().forEach(instance -> instance.weigh(alone, job.estimate()));
                    if (alone) {
                        job.slot()
                                .measured(
                                        job.target().files(),
                                        loaded.instances().getFirst().memory());
                    }
                    serve(job, loaded);
                }
                case Outcome.Failed(ForgeException error) -> failed(job, error);
                case Outcome.Changed nothing when job.further() -> stays(job.slot());
                case Outcome.Changed nothing -> job.slot().unsettle();
            }
        });
    }

    private void serve(LoadJob job, Outcome.Loaded loaded) {
        Slot slot = job.slot();
        Served now = slot.served();
        if (job.further() && now != null) {
            now.add(loaded.instances());
            slot.growing(false);
        } else {
            Served before = slot.serve(new Served(job.target(), loaded.digest(), loaded.instances()));
            slot.reload(false);
            if (before != null) {
                before.instances().forEach(instance -> replaced(slot, instance));
            }
        }
    }

    private static void failed(LoadJob job, ForgeException error) {
        Slot slot = job.slot();
        Served now = slot.served();
        if (job.further() && now != null) {
            LOG.warn("{} goes on with {} instances: {}", slot, now.size(), error.getMessage());
            stays(slot);
        } else {
            slot.fail(job.target(), error);
        }
    }

    /** Leaves it at the instances there are; it is for who asked for more to ask again. */
    private static void stays(Slot slot) {
        Served now = slot.served();
        slot.growing(false);
        slot.scale(now == null ? 0 : now.size());
    }

    /** Retires an instance once no call can find it: the routes lead to its slot, which has another one already. */
    private void replaced(Slot slot, Instance instance) {
        slot.drains(1);
        leaving.add(instance);
        retire(slot, instance);
    }

    private Stream<Slot> slots() {
        return models.values().stream().flatMap(model -> model.slots().stream());
    }

    /** Whether nothing is being loaded. */
    boolean idle() {
        return read(all -> loader.idle());
    }

    /** Takes in a look at the repository. */
    void seen(Map<String, ModelFolder> seen, Settled settled) {
        change(() -> {
            for (LoadJob late : loader.giveUp(settings.loadLimit())) {
                String message = "not loaded within " + settings.loadLimit().toSeconds() + " s";
                failed(late, new TimedOutException(message));
            }
            seen.values().forEach(folder -> takeIn(folder, settled));
            models.values().forEach(model -> dropMissing(model, seen.get(model.name()), settled));
            models.values()
                    .removeIf(model ->
                            !seen.containsKey(model.name()) && model.slots().isEmpty());
        });
    }

    private void takeIn(ModelFolder folder, Settled settled) {
        CatalogModel model = models.computeIfAbsent(folder.name(), name -> new CatalogModel(folder));
        if (model.filesAreNew(folder.files()) && settled.files(folder)) {
            readConfig(model, folder);
        }
        model.folder(model.needsNoFiles() ? folder.withSettingsAsVersion() : folder);
        boolean settings = !model.filesAreNew(folder.files());
        for (VersionFolder version : model.folder().versions().values()) {
            Slot slot = model.slotFor(version);
            if (version.settingsOnly() ? settings : settled.version(folder.name(), version)) {
                slot.settle(version);
            }
        }
    }

    private static void readConfig(CatalogModel model, ModelFolder folder) {
        try {
            ModelConfig config = folder.config().isEmpty()
                    ? ModelConfig.DEFAULT
                    : ModelConfigFile.read(folder.folder().resolve(ModelFolder.CONFIG));
            model.configured(folder.files(), config);
        } catch (InvalidRequestException e) {
            model.misconfigured(folder.files(), e.getMessage());
        } catch (IOException e) {
            model.misconfigured(folder.files(), "cannot read " + ModelFolder.CONFIG + ": " + e);
        }
    }

    private static void dropMissing(CatalogModel model, @Nullable ModelFolder seen, Settled settled) {
        for (Slot slot : model.slots()) {
            boolean there = seen != null && model.folder().versions().containsKey(slot.version());
            if (!there && settled.gone(model.name(), slot.version())) {
                slot.gone();
            }
        }
    }

    /** Asks for another number of instances of a version. */
    void scale(String name, long version, int instances) {
        change(() -> Optional.ofNullable(models.get(name))
                .flatMap(model -> model.slot(version))
                .ifPresent(slot -> slot.scale(instances)));
    }

    /** What another backend could not load, it may be able to load now: there are some that go on to others. */
    void add(BoundBackend backend) {
        change(() -> {
            backends.add(backend);
            slots().filter(Slot::failedOnly)
                    .filter(slot -> slot.failure()
                            .map(UnsupportedException.class::isInstance)
                            .orElse(false))
                    .forEach(Slot::forgetFailure);
        });
    }

    /** Hands what this backend has loaded over to another, or drops it; returns once it is closed, or at the limit. */
    void remove(ModelBackend service) {
        List<BoundBackend> found = new ArrayList<>();
        change(() -> backends.remove(service).ifPresent(found::add));
        Deadline limit = Deadline.in(DRAIN);
        for (BoundBackend backend : found) {
            await(limit, () -> !loader.loads(backend) && slots().noneMatch(slot -> holds(slot, backend)));
            change(() -> slots().filter(slot -> holds(slot, backend)).forEach(this::drop));
            await(limit, () -> leaving.stream().noneMatch(i -> i.backend() == backend));
        }
    }

    private void drop(Slot slot) {
        Served served = slot.serve(null);
        if (served != null) {
            slot.lose();
            served.instances().forEach(instance -> replaced(slot, instance));
        }
    }

    /** Whether an instance is out of service but not closed yet; to be asked under the lock. */
    boolean leaves(Instance instance) {
        return leaving.contains(instance);
    }

    private static boolean holds(Slot slot, BoundBackend backend) {
        Served served = slot.served();
        return served != null && served.target().backend() == backend;
    }

    /**
     * Waits a moment for a change that may let a call reach a version. Without the lock: calls may be many and their
     * virtual threads starved, and what brings the change must not queue behind them.
     *
     * @param before the {@link #epoch} before the call looked for the version
     * @param since when the call began, by {@link System#nanoTime}
     * @return false if none is to be expected
     */
    boolean awaitRoute(long before, Slot slot, long since) {
        boolean changing = before % 2 == 1 || before != epoch;
        long now = System.nanoTime();
        long left = changing ? since + Slot.BRIDGE.toNanos() - now : slot.bridge(since);
        if (left > 0) {
            LockSupport.parkNanos(changing ? MOMENT : Math.min(left, GLANCE));
        }
        return left > 0 && !Thread.currentThread().isInterrupted();
    }

    /** Waits, under the lock, until something is so; false if the limit came first or the thread was interrupted. */
    boolean await(Deadline limit, BooleanSupplier condition) {
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                long left = limit.left().toNanos();
                if (left == 0) {
                    return false;
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Drops everything; returns once it is closed, or at the limit. Loads under way are waited for: a process that ends
     * while native code works in it is ended by that code.
     */
    void close() {
        change(() -> closing = true);
        await(Deadline.in(DRAIN), () -> leaving.isEmpty() && loader.idle());
    }
}
