package forge.ai.runtime.server.metrics;

import forge.ai.api.monitoring.Metric;
import java.util.Map;

/** Names as Prometheus wants them, by OpenTelemetry's specification of compatibility. */
final class MetricNames {

    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("s", "seconds"),
            Map.entry("ms", "milliseconds"),
            Map.entry("us", "microseconds"),
            Map.entry("ns", "nanoseconds"),
            Map.entry("min", "minutes"),
            Map.entry("h", "hours"),
            Map.entry("d", "days"),
            Map.entry("By", "bytes"),
            Map.entry("KiBy", "kibibytes"),
            Map.entry("MiBy", "mebibytes"),
            Map.entry("GiBy", "gibibytes"),
            Map.entry("%", "percent"),
            Map.entry("Cel", "celsius"));

    private MetricNames() {}

    /** The unit as a word, or empty: what stands in braces is for people. */
    static String unit(Metric metric) {
        String unit = metric.unit().replaceAll("\\{[^}]*}", "");
        if (unit.equals("1")) {
            return metric.kind() == Metric.Kind.GAUGE ? "ratio" : "";
        }
        int per = unit.indexOf('/');
        if (per > 0) {
            return word(unit.substring(0, per)) + "_per_"
                    + word(unit.substring(per + 1)).replaceAll("s$", "");
        }
        return word(unit);
    }

    private static String word(String unit) {
        return UNITS.getOrDefault(unit, clean(unit));
    }

    /** The name of the whole, without what the kinds of samples add. */
    static String family(Metric metric) {
        String name = clean(metric.name());
        String unit = unit(metric);
        if (name.endsWith("_total") && metric.kind() == Metric.Kind.COUNTER) {
            name = name.substring(0, name.length() - "_total".length());
        }
        return unit.isEmpty() || name.endsWith("_" + unit) ? name : name + "_" + unit;
    }

    /** Letters, digits and {@code _}. */
    static String clean(String name) {
        String clean = name.replaceAll("[^a-zA-Z0-9_]+", "_");
        return !clean.isEmpty() && Character.isDigit(clean.charAt(0)) ? "_" + clean : clean;
    }
}
