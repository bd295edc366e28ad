package forge.ai.api.model;

import java.util.Map;
import java.util.Objects;

/**
 * How the versions of a model serve.
 *
 * @param instances how many times a version is in memory
 * @param warmup what a version computes before it serves
 * @param traffic weights, 0 or more, by which requests that name no version are shared out, by version or label as
 *     {@link VersionSelector#parse} reads it; empty if all go to the default version
 * @param shadow a version that computes some of the requests too
 */
public record Serving(Instances instances, Warmup warmup, Map<String, Integer> traffic, Shadow shadow) {

    /** One instance, no warm-up, no split of the traffic and no shadow. */
    public static final Serving DEFAULT = new Serving(Instances.ONE, Warmup.NONE, Map.of(), Shadow.NONE);

    public Serving {
        Objects.requireNonNull(instances, "instances");
        Objects.requireNonNull(warmup, "warmup");
        traffic = Map.copyOf(traffic);
        Objects.requireNonNull(shadow, "shadow");
    }

    public Serving withTraffic(Map<String, Integer> value) {
        return new Serving(instances, warmup, value, shadow);
    }

    public Serving withShadow(Shadow value) {
        return new Serving(instances, warmup, traffic, value);
    }
}
