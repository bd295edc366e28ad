/** Brings models from the Hugging Face Hub, or a server that speaks like it, into the repository. */
@NullMarked
package forge.ai.runtime.hub;

import org.jspecify.annotations.NullMarked;
