package forge.ai.runtime.monitoring;

import forge.ai.api.monitoring.Counter;
import forge.ai.api.monitoring.Histogram;
import forge.ai.api.monitoring.Metric;
import forge.ai.api.monitoring.MetricsReader;
import forge.ai.api.monitoring.Span;
import forge.ai.api.monitoring.Telemetry;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures with OpenTelemetry's SDK. Metrics are always kept; spans are made only while a collector is configured for
 * them, and nothing leaves the process otherwise.
 */
@Component(
        service = {Telemetry.class, MetricsReader.class},
        configurationPid = OpenTelemetryService.PID)
@Designate(ocd = OpenTelemetryService.Config.class)
public final class OpenTelemetryService implements Telemetry, MetricsReader {

    static final String PID = "forge.ai.monitoring";

    private static final Logger LOG = LoggerFactory.getLogger(OpenTelemetryService.class);

    /** The configuration. */
    @ObjectClassDefinition(name = "Monitoring", description = "Metrics and traces, and where they go")
    @interface Config {
        @AttributeDefinition(
                description =
                        "address of a collector that takes OTLP over HTTP, as in http://127.0.0.1:4318; empty: none")
        String otlp_endpoint() default "";

        @AttributeDefinition(description = "NAME: VALUE for each header of requests to it")
        String[] otlp_headers() default {};

        @AttributeDefinition(description = "whether it gets metrics")
        boolean otlp_metrics() default true;

        @AttributeDefinition(description = "how often it gets metrics")
        int otlp_intervalMillis() default 60_000;

        @AttributeDefinition(description = "whether it gets traces")
        boolean otlp_traces() default true;

        @AttributeDefinition(
                description = "the share of the traces begun here that are recorded, 0 to 1; of a trace that a client"
                        + " has begun, the client decides")
        double traces_ratio() default 0.01;

        @AttributeDefinition(description = "the most spans that wait for the collector; what is more is dropped")
        int traces_queue() default 4096;

        @AttributeDefinition(description = "whether what people and models say is recorded in traces")
        boolean traces_contents() default false;
    }

    private final SdkLog log = new SdkLog();
    private final Metrics metrics;
    private final Exports exports;

    @Activate
    public OpenTelemetryService(BundleContext context, Config config) {
        String version = context.getBundle().getVersion().toString();
        Settings settings = Settings.of(config);
        metrics = new Metrics(Origin.resource(version));
        exports = new Exports(metrics, Origin.resource(version), settings);
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    void modified(Config config) {
        try {
            exports.set(Settings.of(config));
        } catch (IllegalArgumentException e) {
            LOG.error("{}; the settings stay as they were", e.getMessage());
        }
    }

    @Deactivate
    void deactivate() {
        exports.close();
        metrics.close();
        log.close();
    }

    @Override
    public Counter counter(String name, String unit, String description) {
        return metrics.counter(name, unit, description);
    }

    @Override
    public Counter upDownCounter(String name, String unit, String description) {
        return metrics.upDownCounter(name, unit, description);
    }

    @Override
    public Histogram histogram(String name, String unit, String description, double... bounds) {
        return metrics.histogram(name, unit, description, bounds);
    }

    @Override
    public Observation observe(
            Metric.Kind kind, String name, String unit, String description, Consumer<Observer> look) {
        return metrics.observe(kind, name, unit, description, look);
    }

    @Override
    public Span span(String name, Span.Kind kind, Span parent) {
        return exports.traces().span(name, kind, parent);
    }

    @Override
    public List<Metric> read() {
        return metrics.read();
    }
}
