/** A bundle that uses the runtime by service lookup. */
@NullMarked
package forge.ai.example.consumer;

import org.jspecify.annotations.NullMarked;
