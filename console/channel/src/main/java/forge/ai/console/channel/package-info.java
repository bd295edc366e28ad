/** The way into the shell of a running runtime: a socket in its home folder that the owner alone can open. */
@NullMarked
package forge.ai.console.channel;

import org.jspecify.annotations.NullMarked;
