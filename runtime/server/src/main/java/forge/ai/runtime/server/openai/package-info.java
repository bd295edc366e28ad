/** OpenAI's dialect: chat, completions, embeddings and models in front of the LLM service. */
@NullMarked
package forge.ai.runtime.server.openai;

import org.jspecify.annotations.NullMarked;
