/** Metrics and traces over OpenTelemetry's SDK, and their export. */
@NullMarked
package forge.ai.runtime.monitoring;

import org.jspecify.annotations.NullMarked;
