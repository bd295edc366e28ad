package forge.ai.runtime.models;

import forge.ai.api.model.Instances;
import forge.ai.api.model.Serving;
import forge.ai.api.model.Shadow;
import forge.ai.api.model.Warmup;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads what {@code config.json} says of how a model serves: its instances, warm-up, traffic and shadow.
 *
 * @param setting gives a value by its name
 */
record ServingKeys(Function<String, Setting> setting) {

    static final Set<String> NAMES = Set.of("instances", "warmup", "traffic", "shadow");

    /** Instances of which nobody needs more, and requests that are worth no more. */
    private static final int MOST = 1024;

    private static final int MOST_WEIGHT = 1_000_000;
    private static final double MOST_TOLERANCE = 1e9;

    Serving serving() {
        return new Serving(instances(), warmup(), traffic(), shadow());
    }

    private Instances instances() {
        Setting instances = setting.apply("instances");
        Set<String> known = Set.of("min", "max");
        int min = instances.in("min", known).whole(1, MOST, 1);
        Setting max = instances.in("max", known);
        return new Instances(min, max.whole(min, MOST, min));
    }

    /** {@code "file"} or {@code {"file": "file", "count": n}}. */
    private Warmup warmup() {
        Setting warmup = setting.apply("warmup");
        if (warmup.missing() || warmup.value().isTextual()) {
            return new Warmup(file(warmup), 1);
        }
        Set<String> known = Set.of("file", "count");
        return new Warmup(
                file(warmup.in("file", known)), warmup.in("count", known).whole(1, 10_000, 1));
    }

    /** A name alone: what lies elsewhere is nobody's business here. */
    private static String file(Setting setting) {
        String file = setting.text("");
        return file.startsWith(".") || file.contains("/") || file.contains("\\")
                ? setting.refuse("the name of a file in the folder of the version or of the model")
                : file;
    }

    private Map<String, Integer> traffic() {
        Setting traffic = setting.apply("traffic");
        String allowed = "an object of weights by version or label, at least one of which is 1 or more";
        Map<String, Integer> weights = new TreeMap<>();
        traffic.entries(allowed)
                .forEach(e -> weights.put(
                        e.getKey(), traffic.with(e.getKey(), e.getValue()).whole(0, MOST_WEIGHT, 0)));
        return weights.isEmpty() || weights.values().stream().anyMatch(weight -> weight > 0)
                ? weights
                : traffic.refuse(allowed);
    }

    private Shadow shadow() {
        Setting shadow = setting.apply("shadow");
        if (shadow.missing()) {
            return Shadow.NONE;
        }
        Set<String> known = Set.of("version", "percent", "tolerance");
        Setting version = shadow.in("version", known);
        boolean named = version.value().isIntegralNumber() || version.value().isTextual();
        return new Shadow(
                named ? version.value().asText() : version.refuse("a version or label"),
                shadow.in("percent", known).number(0, 100, 100),
                shadow.in("tolerance", known).number(0, MOST_TOLERANCE, Shadow.USUAL_TOLERANCE));
    }
}
