package forge.ai.runtime.monitoring;

import forge.ai.api.monitoring.Span;
import io.opentelemetry.sdk.resources.Resource;

/** Makes the first spans of this process. */
interface Traces extends AutoCloseable {

    /** None, where nobody wants them. */
    static Traces of(Settings settings, Resource resource) {
        return settings.exportsTraces() ? new ExportedTraces(settings, resource) : new NoTraces();
    }

    Span span(String name, Span.Kind kind, Span parent);

    @Override
    void close();

    /** Passes on what came. */
    final class NoTraces implements Traces {
        @Override
        public Span span(String name, Span.Kind kind, Span parent) {
            return parent;
        }

        @Override
        public void close() {}
    }
}
