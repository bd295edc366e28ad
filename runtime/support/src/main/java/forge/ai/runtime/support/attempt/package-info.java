/** Calls that are made again, elsewhere or later, before their first content. */
@NullMarked
package forge.ai.runtime.support.attempt;

import org.jspecify.annotations.NullMarked;
