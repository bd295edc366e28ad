/** Ollama's dialect: chats, plain completions, vectors and models in front of the LLM service. */
@NullMarked
package forge.ai.runtime.server.ollama;

import org.jspecify.annotations.NullMarked;
