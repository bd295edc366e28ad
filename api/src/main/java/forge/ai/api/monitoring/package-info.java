/**
 * What the runtime measures of itself: metrics and traces, written through {@link forge.ai.api.monitoring.Telemetry} and
 * read through {@link forge.ai.api.monitoring.MetricsReader}.
 */
@Export
@Version("0.1.0")
@NullMarked
package forge.ai.api.monitoring;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
