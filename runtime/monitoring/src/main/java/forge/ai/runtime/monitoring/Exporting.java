package forge.ai.runtime.monitoring;

import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;

/** What all export has in common. */
final class Exporting {

    /** Finds the SDK's parts in its own bundle, whatever the thread. */
    static final ComponentLoader LOADER = ComponentLoader.forClassLoader(OtlpHttpSpanExporter.class.getClassLoader());

    private Exporting() {}
}
