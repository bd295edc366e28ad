package forge.ai.runtime.server;

import forge.ai.api.monitoring.Metric;
import forge.ai.api.monitoring.Metric.Point;
import forge.ai.api.monitoring.MetricsReader;
import forge.ai.runtime.testkit.otlp.OtlpCollector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;

/** Monitoring in a running server. */
record Monitored(RunningServer server, Bundle bundle, MetricsReader reader) {

    static final String BUNDLE = "forge.ai.runtime.monitoring";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Starts it; all that measures is told of it when this returns. */
    static Monitored start(RunningServer server) throws Exception {
        server.framework().start("forge.ai.lib.opentelemetry");
        Bundle bundle = server.framework().start(BUNDLE);
        return new Monitored(server, bundle, reader(server));
    }

    /** With traces that go to a collector. */
    static Monitored start(RunningServer server, OtlpCollector collector) throws Exception {
        server.configureOther(
                "forge.ai.monitoring", Map.of("otlp.endpoint", collector.uri().toString(), "traces.ratio", 1.0));
        return start(server);
    }

    static MetricsReader reader(RunningServer server) throws Exception {
        return server.framework().await(MetricsReader.class, "(objectClass=*)", LIMIT);
    }

    /** The points of a metric; none if there is none. */
    List<Point> points(String name) {
        return reader.read().stream()
                .filter(metric -> metric.name().equals(name))
                .map(Metric::points)
                .findFirst()
                .orElse(List.of());
    }

    /** The sum of the values of a counter, of those points. */
    double sum(String name, Predicate<Map<String, String>> which) {
        return points(name).stream()
                .filter(p -> which.test(p.attributes()))
                .mapToDouble(Point::value)
                .sum();
    }

    /** How many values a distribution has, of those points. */
    long count(String name, Predicate<Map<String, String>> which) {
        return points(name).stream()
                .filter(p -> which.test(p.attributes()))
                .mapToLong(p -> p.distribution().orElseThrow().count())
                .sum();
    }

    /** Whether an attribute has this value; empty for one that is not there. */
    static Predicate<Map<String, String>> with(String name, String value) {
        return attributes -> attributes.getOrDefault(name, "").equals(value);
    }
}
