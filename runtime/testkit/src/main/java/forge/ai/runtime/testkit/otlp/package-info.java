/** A collector of traces and metrics for tests. */
@NullMarked
package forge.ai.runtime.testkit.otlp;

import org.jspecify.annotations.NullMarked;
