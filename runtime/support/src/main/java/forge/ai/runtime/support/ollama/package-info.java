/** The words of Ollama's native interface that its clients and its servers share. */
@NullMarked
package forge.ai.runtime.support.ollama;

import org.jspecify.annotations.NullMarked;
