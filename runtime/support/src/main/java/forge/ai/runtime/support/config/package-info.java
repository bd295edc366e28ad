/** Values of configurations: checked, and refused with what is allowed. */
@NullMarked
package forge.ai.runtime.support.config;

import org.jspecify.annotations.NullMarked;
