package forge.ai.runtime.models;

import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.Serving;
import forge.ai.api.model.Shadow;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was chosen by call and holds across restarts.
 *
 * @param loaded in explicit mode, the versions loaded of each model
 * @param unloaded in watch mode, the models unloaded by call, each with its fingerprint at that moment
 * @param labels by model and label
 * @param traffic by model
 * @param shadows by model
 */
record Choices(
        Map<String, Set<Long>> loaded,
        Map<String, String> unloaded,
        Map<String, Map<String, LabelChoice>> labels,
        Map<String, TrafficChoice> traffic,
        Map<String, ShadowChoice> shadows) {

    static final Choices NONE = new Choices(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    Choices {
        loaded = Map.copyOf(loaded);
        unloaded = Map.copyOf(unloaded);
        labels = Map.copyOf(labels);
        // A file of an older runtime does not have them.
        traffic = traffic == null ? Map.of() : Map.copyOf(traffic);
        shadows = shadows == null ? Map.of() : Map.copyOf(shadows);
    }

    /**
     * A label put on a version by call. It holds until {@code config.json} is given another value for the label.
     *
     * @param version the version that carries it
     * @param configured what {@code config.json} said at that moment; 0 if nothing
     */
    record LabelChoice(long version, long configured) {}

    /**
     * Traffic shared out by call. It holds until {@code config.json} says something else.
     *
     * @param weights by version or label
     * @param configured what {@code config.json} said at that moment
     */
    record TrafficChoice(Map<String, Integer> weights, Map<String, Integer> configured) {}

    /**
     * A shadow set by call. It holds until {@code config.json} says something else.
     *
     * @param configured what {@code config.json} said at that moment
     */
    record ShadowChoice(Shadow shadow, Shadow configured) {}

    Choices withLoaded(String model, Set<Long> versions) {
        return withLoading(with(loaded, model, Set.copyOf(versions)), without(unloaded, model));
    }

    /** With what another says of the loading of a model. */
    Choices withLoadedAs(String model, Choices other) {
        Set<Long> versions = other.loaded.get(model);
        String resting = other.unloaded.get(model);
        return withLoading(
                versions == null ? without(loaded, model) : with(loaded, model, versions),
                resting == null ? without(unloaded, model) : with(unloaded, model, resting));
    }

    Choices withUnloaded(String model, String fingerprint) {
        return withLoading(without(loaded, model), with(unloaded, model, fingerprint));
    }

    private Choices withLoading(Map<String, Set<Long>> toLoad, Map<String, String> resting) {
        return new Choices(toLoad, resting, labels, traffic, shadows);
    }

    Choices withLabel(String model, String label, LabelChoice choice) {
        Map<String, LabelChoice> ofModel = with(labels.getOrDefault(model, Map.of()), label, choice);
        return new Choices(loaded, unloaded, with(labels, model, ofModel), traffic, shadows);
    }

    Choices withTraffic(String model, TrafficChoice choice) {
        return new Choices(loaded, unloaded, labels, with(traffic, model, choice), shadows);
    }

    Choices withShadow(String model, ShadowChoice choice) {
        return new Choices(loaded, unloaded, labels, traffic, with(shadows, model, choice));
    }

    /** The settings of a model with what was chosen by call. */
    ModelConfig inForce(String model, ModelConfig configured) {
        TrafficChoice split = traffic.get(model);
        ShadowChoice shadow = shadows.get(model);
        Serving serving = configured.serving();
        if (split != null && split.configured().equals(serving.traffic())) {
            serving = serving.withTraffic(split.weights());
        }
        if (shadow != null && shadow.configured().equals(serving.shadow())) {
            serving = serving.withShadow(shadow.shadow());
        }
        return configured.withLabels(labels(model, configured.labels())).withServing(serving);
    }

    /** The labels of a model: those of its {@code config.json}, and over them those put by call. */
    private Map<String, Long> labels(String model, Map<String, Long> configured) {
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
