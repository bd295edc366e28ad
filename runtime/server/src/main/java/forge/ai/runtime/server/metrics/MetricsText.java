package forge.ai.runtime.server.metrics;

import forge.ai.api.monitoring.Distribution;
import forge.ai.api.monitoring.Metric;
import forge.ai.api.monitoring.Metric.Point;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes metrics as text. */
final class MetricsText {

    private final TextFormat format;
    private final StringBuilder out = new StringBuilder(16_384);

    MetricsText(TextFormat format) {
        this.format = format;
    }

    String of(List<Metric> metrics) {
        metrics.stream().filter(metric -> !metric.points().isEmpty()).forEach(this::metric);
        if (format == TextFormat.OPEN_METRICS) {
            out.append("# EOF\n");
        }
        return out.toString();
    }

    private void metric(Metric metric) {
        String family = MetricNames.family(metric);
        boolean counter = metric.kind() == Metric.Kind.COUNTER;
        String sample = counter ? family + "_total" : family;
        String head = format == TextFormat.OPEN_METRICS ? family : sample;
        line("# HELP ", head, help(metric.description()));
        line("# TYPE ", head, type(metric.kind()));
        if (format == TextFormat.OPEN_METRICS && !MetricNames.unit(metric).isEmpty()) {
            line("# UNIT ", head, MetricNames.unit(metric));
        }
        for (Point point : metric.points()) {
            Map<String, String> labels = labels(point.attributes());
            point.distribution()
                    .ifPresentOrElse(
                            distribution -> histogram(family, labels, distribution),
                            () -> sample(sample, labels, number(point.value())));
        }
    }

    private void line(String what, String name, String text) {
        out.append(what).append(name).append(' ').append(text).append('\n');
    }

    private static String type(Metric.Kind kind) {
        return switch (kind) {
            case COUNTER -> "counter";
            case HISTOGRAM -> "histogram";
            case GAUGE, UP_DOWN_COUNTER -> "gauge";
        };
    }

    /** Attributes whose names become the same share a label. */
    private static Map<String, String> labels(Map<String, String> attributes) {
        Map<String, String> labels = new TreeMap<>();
        attributes.forEach(
                (name, value) -> labels.merge(MetricNames.clean(name), value, (first, second) -> first + ";" + second));
        return labels;
    }

    private void histogram(String family, Map<String, String> labels, Distribution distribution) {
        long below = 0;
        for (int i = 0; i < distribution.counts().size(); i++) {
            below += distribution.counts().get(i);
            Map<String, String> bucket = new TreeMap<>(labels);
            bucket.put(
                    "le",
                    i < distribution.bounds().size()
                            ? number(distribution.bounds().get(i))
                            : "+Inf");
            sample(family + "_bucket", bucket, Long.toString(below));
        }
        sample(family + "_count", labels, Long.toString(distribution.count()));
        sample(family + "_sum", labels, number(distribution.sum()));
    }

    private void sample(String name, Map<String, String> labels, String value) {
        out.append(name);
        if (!labels.isEmpty()) {
            String separator = "{";
            for (Map.Entry<String, String> label : labels.entrySet()) {
                out.append(separator).append(label.getKey()).append("=\"");
                escape(label.getValue(), true);
                out.append('"');
                separator = ",";
            }
            out.append('}');
        }
        out.append(' ').append(value).append('\n');
    }

    private String help(String text) {
        int from = out.length();
        escape(text, format == TextFormat.OPEN_METRICS);
        String escaped = out.substring(from);
        out.setLength(from);
        return escaped;
    }

    private void escape(String text, boolean quotes) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '"' -> out.append(quotes ? "\\\"" : "\"");
                default -> out.append(c);
            }
        }
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(value);
    }
}
