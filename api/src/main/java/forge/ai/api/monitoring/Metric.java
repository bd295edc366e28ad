package forge.ai.api.monitoring;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A metric with its values.
 *
 * @param name as OpenTelemetry has it, with dots
 * @param unit of UCUM, or empty
 * @param description for people
 * @param kind what its values mean
 * @param points one for each set of attributes
 */
public record Metric(String name, String unit, String description, Kind kind, List<Point> points) {

    /** What the values of a metric mean. */
    public enum Kind {
        /** A sum that only grows. */
        COUNTER,
        /** A sum that grows and shrinks. */
        UP_DOWN_COUNTER,
        /** A value that is measured now and then. */
        GAUGE,
        /** How values are distributed. */
        HISTOGRAM
    }

    public Metric {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(kind, "kind");
        points = List.copyOf(points);
    }

    /**
     * A value for one set of attributes.
     *
     * @param attributes by name
     * @param value of a distribution, the sum
     * @param distribution of histograms
     */
    public record Point(Map<String, String> attributes, double value, Optional<Distribution> distribution) {
        public Point {
            attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
            Objects.requireNonNull(distribution, "distribution");
        }
    }
}
