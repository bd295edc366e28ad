/** Ollama's models, by its native interface, as a provider and as a library. */
@NullMarked
package forge.ai.provider.ollama;

import org.jspecify.annotations.NullMarked;
