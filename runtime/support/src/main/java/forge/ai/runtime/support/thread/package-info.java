/** Threads that calls run in. */
@NullMarked
package forge.ai.runtime.support.thread;

import org.jspecify.annotations.NullMarked;
