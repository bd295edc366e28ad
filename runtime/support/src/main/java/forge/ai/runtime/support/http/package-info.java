/** Calling an upstream over HTTP: limits of time and size, cancellation, and errors in the runtime's own terms. */
@NullMarked
package forge.ai.runtime.support.http;

import org.jspecify.annotations.NullMarked;
