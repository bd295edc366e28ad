/** What bundles that measure have in common. */
@NullMarked
package forge.ai.runtime.support.monitoring;

import org.jspecify.annotations.NullMarked;
