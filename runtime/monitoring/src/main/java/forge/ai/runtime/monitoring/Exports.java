package forge.ai.runtime.monitoring;

import io.opentelemetry.sdk.resources.Resource;

/** What goes to a collector, by the settings in force. */
final class Exports implements AutoCloseable {

    private final Metrics metrics;
    private final Resource resource;
    private Settings settings;
    private volatile Traces traces;
    private MetricsExport sending;

    Exports(Metrics metrics, Resource resource, Settings settings) {
        this.metrics = metrics;
        this.resource = resource;
        this.settings = settings;
        traces = Traces.of(settings, resource);
        sending = MetricsExport.of(settings, metrics);
    }

    /** Where spans are made now. */
    Traces traces() {
        return traces;
    }

    /** Spans begun before end up where they were to go. */
    synchronized void set(Settings next) {
        if (next.equals(settings)) {
            return;
        }
        Traces before = traces;
        MetricsExport sent = sending;
        settings = next;
        traces = Traces.of(next, resource);
        sending = MetricsExport.of(next, metrics);
        before.close();
        sent.close();
    }

    @Override
    public synchronized void close() {
        traces.close();
        sending.close();
    }
}
