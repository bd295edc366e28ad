/** The commands of the scope {@code ai} in the Gogo shell. */
@NullMarked
package forge.ai.console.shell;

import org.jspecify.annotations.NullMarked;
