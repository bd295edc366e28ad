package forge.ai.runtime.monitoring;

import forge.ai.api.monitoring.Counter;
import forge.ai.api.monitoring.Histogram;
import forge.ai.api.monitoring.Metric;
import forge.ai.api.monitoring.Telemetry.Observation;
import forge.ai.api.monitoring.Telemetry.Observer;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleCounter;
import io.opentelemetry.api.metrics.DoubleHistogramBuilder;
import io.opentelemetry.api.metrics.DoubleUpDownCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.sdk.metrics.ExemplarFilter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The instruments, and what they have counted. */
final class Metrics implements AutoCloseable {

    /** More sets of attributes of one instrument are counted as one. */
    static final int SERIES = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

    /** Seconds: a millisecond to a minute, finest where calls usually lie. */
    private static final List<Double> SECONDS =
            List.of(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 60.0);

    private final Collected collected = new Collected();
    private final SdkMeterProvider provider;
    private final Meter meter;

    Metrics(Resource resource) {
        // Exemplars would be looked for with each value.
        provider = SdkMeterProvider.builder()
                .setResource(resource)
                .setExemplarFilter(ExemplarFilter.alwaysOff())
                .registerMetricReader(collected, type -> SERIES)
                .build();
        meter = provider.get(Origin.NAME);
    }

    Counter counter(String name, String unit, String description) {
        DoubleCounter counter = meter.counterBuilder(name)
                .ofDoubles()
                .setUnit(unit)
                .setDescription(description)
                .build();
        return new BoundCounter(counter::add, Attributes.empty());
    }

    Counter upDownCounter(String name, String unit, String description) {
        DoubleUpDownCounter counter = meter.upDownCounterBuilder(name)
                .ofDoubles()
                .setUnit(unit)
                .setDescription(description)
                .build();
        return new BoundCounter(counter::add, Attributes.empty());
    }

    Histogram histogram(String name, String unit, String description, double... bounds) {
        DoubleHistogramBuilder builder = meter.histogramBuilder(name)
                .setUnit(unit)
                .setDescription(description)
                .setExplicitBucketBoundariesAdvice(
                        bounds.length == 0
                                ? SECONDS
                                : Arrays.stream(bounds).boxed().toList());
        return new BoundHistogram(builder.build(), Attributes.empty());
    }

    Observation observe(Metric.Kind kind, String name, String unit, String description, Consumer<Observer> look) {
        Consumer<ObservableDoubleMeasurement> seen = measurement -> look(name, look, measurement);
        AutoCloseable observed = switch (kind) {
            case GAUGE ->
                meter.gaugeBuilder(name)
                        .setUnit(unit)
                        .setDescription(description)
                        .buildWithCallback(seen);
            case COUNTER ->
                meter.counterBuilder(name)
                        .ofDoubles()
                        .setUnit(unit)
                        .setDescription(description)
                        .buildWithCallback(seen);
            case UP_DOWN_COUNTER ->
                meter.upDownCounterBuilder(name)
                        .ofDoubles()
                        .setUnit(unit)
                        .setDescription(description)
                        .buildWithCallback(seen);
            case HISTOGRAM -> throw new IllegalArgumentException("a histogram cannot be observed: " + name);
        };
        return () -> close(observed);
    }

    private static void look(String name, Consumer<Observer> look, ObservableDoubleMeasurement measurement) {
        try {
            look.accept((value, attributes) -> measurement.record(value, Sets.with(Attributes.empty(), attributes)));
        } catch (RuntimeException | LinkageError e) {
            // That of a bundle which is just leaving, say; the other metrics are wanted all the same.
            LOG.debug("{} could not be observed", name, e);
        }
    }

    private static void close(AutoCloseable observed) {
        try {
            observed.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything as the SDK has it. */
    Collection<MetricData> collect() {
        return collected.collect();
    }

    /** Everything as it stands now. */
    List<Metric> read() {
        return Snapshot.of(collect());
    }

    @Override
    public void close() {
        provider.shutdown().join(1, TimeUnit.SECONDS);
    }
}
