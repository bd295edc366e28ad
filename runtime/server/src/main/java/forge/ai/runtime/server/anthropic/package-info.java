/** Anthropic's dialect: messages, token counts and models in front of the LLM service. */
@NullMarked
package forge.ai.runtime.server.anthropic;

import org.jspecify.annotations.NullMarked;
