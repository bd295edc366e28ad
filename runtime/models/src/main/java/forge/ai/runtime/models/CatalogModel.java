package forge.ai.runtime.models;

import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.VersionSelector;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One model: its folder, its settings and its versions. Guarded by the lock of the {@link Catalog}. */
final class CatalogModel {

    private final String name;
    private final TreeMap<Long, Slot> slots = new TreeMap<>();
    private ModelFolder folder;
    private ModelConfig config = ModelConfig.DEFAULT;
    private @Nullable List<FileStamp> filesRead;
    private String configError = "";
    private ModelConfig effective = ModelConfig.DEFAULT;

    CatalogModel(ModelFolder folder) {
        this.name = folder.name();
        this.folder = folder;
    }

    String name() {
        return name;
    }

    ModelFolder folder() {
        return folder;
    }

    void folder(ModelFolder seen) {
        folder = seen;
    }

    ModelConfig config() {
        return config;
    }

    /** Why the {@code config.json} there is now is not used; empty if it is. */
    String configError() {
        return configError;
    }

    /** Whether its settings alone make a version: that of a model made of others, or one to show what is wrong with them. */
    boolean needsNoFiles() {
        return !config.pipeline().steps().isEmpty() || !configError.isEmpty();
    }

    /** Whether the settings there are now were read, well or not. */
    boolean configSettled() {
        return filesRead != null;
    }

    /** Whether the files beside the versions are others than when the settings were read. */
    boolean filesAreNew(List<FileStamp> files) {
        return !files.equals(filesRead);
    }

    /** The stamp of a file beside the versions, as it was when the settings were read. */
    Optional<FileStamp> file(String name) {
        return filesRead == null
                ? Optional.empty()
                : filesRead.stream().filter(file -> file.path().equals(name)).findFirst();
    }

    void configured(List<FileStamp> files, ModelConfig next) {
        filesRead = files;
        config = next;
        configError = "";
    }

    void misconfigured(List<FileStamp> files, String error) {
        filesRead = files;
        configError = error;
    }

    /** The most instances that one of its versions has now; 0 if none serves. */
    int mostInstances() {
        return slots.values().stream()
                .mapToInt(slot -> slot.served() == null ? 0 : slot.served().size())
                .max()
                .orElse(0);
    }

    /** The settings with what was chosen by call. */
    ModelConfig effective() {
        return effective;
    }

    void effective(ModelConfig inForce) {
        effective = inForce;
    }

    Set<String> labelsOf(long version) {
        Set<String> carried = new TreeSet<>();
        effective.labels().forEach((label, on) -> {
            if (on == version) {
                carried.add(label);
            }
        });
        return carried;
    }

    Collection<Slot> slots() {
        return slots.values();
    }

    Optional<Slot> slot(long version) {
        return Optional.ofNullable(slots.get(version));
    }

    Slot slotFor(VersionFolder seen) {
        return slots.computeIfAbsent(seen.version(), v -> new Slot(name, seen));
    }

    /** Has what could not be loaded tried again, and what changed meanwhile taken up. */
    void retry() {
        slots.values().forEach(slot -> {
            slot.forgetFailure();
            slot.reload(true);
        });
    }

    /** Forgets the versions of which neither files nor anything in memory is left. */
    void purge() {
        slots.values().removeIf(slot -> !slot.there() && slot.served() == null && !slot.loading() && !slot.draining());
    }

    NavigableSet<Long> there() {
        NavigableSet<Long> versions = new TreeSet<>();
        slots.values().stream().filter(Slot::there).forEach(slot -> versions.add(slot.version()));
        return versions;
    }

    /** The versions that the settings ask for. */
    Set<Long> planned() {
        Set<Long> unfit = new HashSet<>();
        slots.values().stream()
                .filter(slot -> slot.failedOnly() || slot.files() == null)
                .forEach(slot -> unfit.add(slot.version()));
        return VersionPlan.wanted(config.versions(), there(), named(), unfit);
    }

    /** The versions that carry a label, get a share of the traffic or are the shadow of others. */
    private Set<Long> named() {
        Set<Long> named = new TreeSet<>(effective.labels().values());
        effective
                .serving()
                .traffic()
                .keySet()
                .forEach(version -> number(version).ifPresent(named::add));
        number(effective.serving().shadow().version()).ifPresent(named::add);
        return named;
    }

    /** The number of the version that a text means, be it there or not. */
    Optional<Long> number(String version) {
        return switch (VersionSelector.parse(version)) {
            case VersionSelector.Default none -> Optional.empty();
            case VersionSelector.Number(long number) -> Optional.of(number);
            case VersionSelector.Label(String label) ->
                Optional.ofNullable(effective.labels().get(label));
        };
    }

    /** What calls need to find a version, as it is now. */
    Routes routes() {
        TrafficSplit split = TrafficSplit.of(
                effective.serving().traffic(), version -> number(version).flatMap(this::slot));
        return new Routes(effective, new HashMap<>(slots), defaultSlot(), split);
    }

    private Optional<Slot> defaultSlot() {
        Long stable = effective.labels().get("stable");
        if (stable != null) {
            return slot(stable);
        }
        Slot best = null;
        for (Slot slot : slots.values()) {
            best = best == null || slot.nearness() >= best.nearness() ? slot : best;
        }
        return Optional.ofNullable(best);
    }
}
