/** Holding on to services while they are used, so that they can be replaced without a failed call. */
@NullMarked
package forge.ai.runtime.support.lease;

import org.jspecify.annotations.NullMarked;
