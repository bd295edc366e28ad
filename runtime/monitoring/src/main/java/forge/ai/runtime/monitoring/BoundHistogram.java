package forge.ai.runtime.monitoring;

import forge.ai.api.monitoring.Histogram;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.context.Context;

/** A distribution for one set of attributes, which is made once. */
record BoundHistogram(DoubleHistogram histogram, Attributes attributes) implements Histogram {

    @Override
    public void record(double value) {
        // Not the thread's context, which nobody sets.
        histogram.record(value, attributes, Context.root());
    }

    @Override
    public Histogram with(String... more) {
        return new BoundHistogram(histogram, Sets.with(attributes, more));
    }
}
