package forge.ai.runtime.monitoring;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.Collection;

/** The one reader of all metrics: with each more, every value would be recorded once more. */
final class Collected implements MetricReader {

    private volatile CollectionRegistration source = CollectionRegistration.noop();

    Collection<MetricData> collect() {
        return source.collectAllMetrics();
    }

    @Override
    public void register(CollectionRegistration registration) {
        source = registration;
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return AggregationTemporality.CUMULATIVE;
    }

    @Override
    public CompletableResultCode forceFlush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        source = CollectionRegistration.noop();
        return CompletableResultCode.ofSuccess();
    }
}
