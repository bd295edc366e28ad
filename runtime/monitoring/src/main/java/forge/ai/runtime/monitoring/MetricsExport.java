package forge.ai.runtime.monitoring;

import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends all metrics to a collector, again and again, and once more at the end. */
interface MetricsExport extends AutoCloseable {

    /** None, where nobody wants them. */
    static MetricsExport of(Settings settings, Metrics metrics) {
        return settings.exportsMetrics() ? new Regular(settings, metrics) : () -> {};
    }

    @Override
    void close();

    /** In a thread of its own. */
    final class Regular implements MetricsExport {

        private static final Logger LOG = LoggerFactory.getLogger(MetricsExport.class);
        private static final Duration LIMIT = Duration.ofSeconds(10);
        private static final int LAST_SECONDS = 3;

        private final Metrics metrics;
        private final OtlpHttpMetricExporter exporter;
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("forge-metrics-export").factory());

        Regular(Settings settings, Metrics metrics) {
            this.metrics = metrics;
            exporter = OtlpHttpMetricExporter.builder()
                    .setEndpoint(settings.endpoint() + "/v1/metrics")
                    .setHeaders(settings::headers)
                    .setTimeout(LIMIT)
                    .setComponentLoader(Exporting.LOADER)
                    .build();
            long nanos = settings.interval().toNanos();
            clock.scheduleWithFixedDelay(() -> send(LIMIT), nanos, nanos, TimeUnit.NANOSECONDS);
        }

        private void send(Duration limit) {
            try {
                exporter.export(metrics.collect()).join(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RuntimeException e) {
                LOG.warn("metrics could not be sent", e);
            }
        }

        @Override
        public void close() {
            clock.shutdownNow();
            send(Duration.ofSeconds(LAST_SECONDS));
            exporter.shutdown().join(LAST_SECONDS, TimeUnit.SECONDS);
        }
    }
}
