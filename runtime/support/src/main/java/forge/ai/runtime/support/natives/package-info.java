/** Loading the native libraries that a bundle carries. */
@NullMarked
package forge.ai.runtime.support.natives;

import org.jspecify.annotations.NullMarked;
