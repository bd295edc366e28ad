/** Tools in Java for language models, and the loop that runs them. */
@NullMarked
package forge.ai.runtime.tools;

import org.jspecify.annotations.NullMarked;
