package forge.ai.api.monitoring;

import java.util.function.Consumer;

/** What bundles measure with while there is no monitoring. */
final class NoTelemetry implements Telemetry {

    private static final Counter COUNTER = new Counter() {
        @Override
        public void add(double value) {}

        @Override
        public Counter with(String... attributes) {
            return this;
        }
    };

    private static final Histogram HISTOGRAM = new Histogram() {
        @Override
        public void record(double value) {}

        @Override
        public Histogram with(String... attributes) {
            return this;
        }
    };

    @Override
    public Counter counter(String name, String unit, String description) {
        return COUNTER;
    }

    @Override
    public Counter upDownCounter(String name, String unit, String description) {
        return COUNTER;
    }

    @Override
    public Histogram histogram(String name, String unit, String description, double... bounds) {
        return HISTOGRAM;
    }

    @Override
    public Observation observe(
            Metric.Kind kind, String name, String unit, String description, Consumer<Observer> look) {
        return () -> {};
    }

    @Override
    public Span span(String name, Span.Kind kind, Span parent) {
        return parent;
    }
}
