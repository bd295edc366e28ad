/** The engine: checks requests, puts those that come together into batches, and has the loaded models compute them. */
@NullMarked
package forge.ai.runtime.inference;

import org.jspecify.annotations.NullMarked;
