/** The HTTP front of the runtime: one servlet that stays, and behind it one small class for each dialect. */
@NullMarked
package forge.ai.runtime.server;

import org.jspecify.annotations.NullMarked;
