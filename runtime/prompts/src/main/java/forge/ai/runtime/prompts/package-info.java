/** Prompts with typed variables, from configuration. */
@NullMarked
package forge.ai.runtime.prompts;

import org.jspecify.annotations.NullMarked;
