/** OpenAI's Responses in front of the LLM service and the conversations. */
@NullMarked
package forge.ai.runtime.server.responses;

import org.jspecify.annotations.NullMarked;
