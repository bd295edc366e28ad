/** Limits of requests, tokens and parallel calls. */
@NullMarked
package forge.ai.runtime.support.limit;

import org.jspecify.annotations.NullMarked;
