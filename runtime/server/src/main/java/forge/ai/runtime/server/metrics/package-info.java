/** What is measured, as Prometheus reads it. */
@NullMarked
package forge.ai.runtime.server.metrics;

import org.jspecify.annotations.NullMarked;
