package forge.ai.runtime.monitoring;

import forge.ai.api.monitoring.Counter;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;

/** A sum for one set of attributes, which is made once. */
record BoundCounter(Sum sum, Attributes attributes) implements Counter {

    /** An instrument of the SDK. */
    interface Sum {
        void add(double value, Attributes attributes, Context context);
    }

    @Override
    public void add(double value) {
        // Not the thread's context, which nobody sets.
        sum.add(value, attributes, Context.root());
    }

    @Override
    public Counter with(String... more) {
        return new BoundCounter(sum, Sets.with(attributes, more));
    }
}
