package forge.ai.runtime.models;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was chosen by call and holds across restarts.
 *
 * @param loaded in explicit mode, the versions loaded of each model
 * @param unloaded in watch mode, the models unloaded by call, each with its fingerprint at that moment
 * @param labels by model and label
 */
record Choices(
        Map<String, Set<Long>> loaded, Map<String, String> unloaded, Map<String, Map<String, LabelChoice>> labels) {

    static final Choices NONE = new Choices(Map.of(), Map.of(), Map.of());

    Choices {
        loaded = Map.copyOf(loaded);
        unloaded = Map.copyOf(unloaded);
        labels = Map.copyOf(labels);
    }

    /**
     * A label put on a version by call. It holds until {@code config.json} is given another value for the label.
     *
     * @param version the version that carries it
     * @param configured what {@code config.json} said at that moment; 0 if nothing
     */
    record LabelChoice(long version, long configured) {}

    Choices withLoaded(String model, Set<Long> versions) {
        return new Choices(with(loaded, model, Set.copyOf(versions)), without(unloaded, model), labels);
    }

    /** With what another says of the loading of a model. */
    Choices withLoadedAs(String model, Choices other) {
        Set<Long> versions = other.loaded.get(model);
        String resting = other.unloaded.get(model);
        return new Choices(
                versions == null ? without(loaded, model) : with(loaded, model, versions),
                resting == null ? without(unloaded, model) : with(unloaded, model, resting),
                labels);
    }

    Choices withUnloaded(String model, String fingerprint) {
        return new Choices(without(loaded, model), with(unloaded, model, fingerprint), labels);
    }

    Choices withLabel(String model, String label, LabelChoice choice) {
        Map<String, LabelChoice> ofModel = with(labels.getOrDefault(model, Map.of()), label, choice);
        return new Choices(loaded, unloaded, with(labels, model, ofModel));
    }

    /** The labels of a model: those of its {@code config.json}, and over them those put by call. */
    Map<String, Long> labels(String model, Map<String, Long> configured) {
        Map<String, Long> effective = new TreeMap<>(configured);
        labels.getOrDefault(model, Map.of()).forEach((label, choice) -> {
            if (configured.getOrDefault(label, 0L) == choice.configured()) {
                effective.put(label, choice.version());
            }
        });
        return effective;
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> next = new TreeMap<>(map);
        next.put(key, value);
        return Map.copyOf(next);
    }

    private static <V> Map<String, V> without(Map<String, V> map, String key) {
        Map<String, V> next = new TreeMap<>(map);
        next.remove(key);
        return Map.copyOf(next);
    }
}
