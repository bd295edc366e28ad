package forge.ai.runtime.monitoring;

import forge.ai.api.monitoring.Distribution;
import forge.ai.api.monitoring.Metric;
import forge.ai.api.monitoring.Metric.Point;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the SDK has collected, in the words of the API. */
final class Snapshot {

    private Snapshot() {}

    static List<Metric> of(Collection<MetricData> collected) {
        return collected.stream()
                .map(Snapshot::metric)
                .sorted(Comparator.comparing(Metric::name))
                .toList();
    }

    private static Metric metric(MetricData data) {
        return switch (data.getType()) {
            case DOUBLE_GAUGE ->
                metric(data, Metric.Kind.GAUGE, points(data.getDoubleGaugeData().getPoints()));
            case DOUBLE_SUM ->
                metric(
                        data,
                        data.getDoubleSumData().isMonotonic() ? Metric.Kind.COUNTER : Metric.Kind.UP_DOWN_COUNTER,
                        points(data.getDoubleSumData().getPoints()));
            case HISTOGRAM ->
                metric(
                        data,
                        Metric.Kind.HISTOGRAM,
                        data.getHistogramData().getPoints().stream()
                                .map(Snapshot::point)
                                .toList());
            // All instruments are of doubles.
            default -> throw new IllegalStateException(data.getName() + " is a " + data.getType());
        };
    }

    private static Metric metric(MetricData data, Metric.Kind kind, List<Point> points) {
        List<Point> sorted = points.stream()
                .sorted(Comparator.comparing(point -> point.attributes().toString()))
                .toList();
        return new Metric(data.getName(), data.getUnit(), data.getDescription(), kind, sorted);
    }

    private static List<Point> points(Collection<DoublePointData> points) {
        return points.stream()
                .map(p -> new Point(map(p.getAttributes()), p.getValue(), Optional.empty()))
                .toList();
    }

    private static Point point(HistogramPointData data) {
        Distribution distribution = new Distribution(
                data.getCount(),
                data.getSum(),
                data.hasMin() ? data.getMin() : 0,
                data.hasMax() ? data.getMax() : 0,
                data.getBoundaries(),
                data.getCounts());
        return new Point(map(data.getAttributes()), data.getSum(), Optional.of(distribution));
    }

    private static Map<String, String> map(Attributes attributes) {
        Map<String, String> map = new TreeMap<>();
        attributes.forEach((key, value) -> map.put(key.getKey(), value.toString()));
        return map;
    }
}
